// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.DeviceCredential;
import java.util.Objects;

/**
 * A credential that a source has.
 *
 * @param number where the source has it, from 1
 * @param credential the caller's, who should destroy it after use
 */
public record FoundCredential(long number, DeviceCredential credential) implements SourceEntry {
  /**
   * Checks that nothing is null.
   *
   * @param number where the source has it, from 1
   * @param credential the caller's
   */
  public FoundCredential {
    Objects.requireNonNull(credential, "credential");
  }
}
