// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.manifest.Lot;
import java.util.Objects;

/**
 * What a run has made.
 *
 * @param devices how many devices
 * @param lot the lot in the manifest
 */
public record FactoryReport(long devices, Lot lot) {
  /**
   * Checks that nothing is null.
   *
   * @param devices how many devices
   * @param lot the lot in the manifest
   */
  public FactoryReport {
    Objects.requireNonNull(lot, "lot");
  }
}
