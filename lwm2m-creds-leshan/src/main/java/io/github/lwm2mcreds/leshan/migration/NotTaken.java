// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.util.Objects;
import java.util.Optional;

/**
 * A device that was not taken from a source, or not written to a file, and why. The others are not
 * affected.
 *
 * @param number where the source has it, from 1
 * @param endpoint its endpoint, if it has a valid one
 * @param reason why, for programs
 * @param message the same for people, on one line; never a key
 */
public record NotTaken(long number, Optional<String> endpoint, Reason reason, String message)
    implements SourceEntry {
  /** Why a device was not taken. */
  public enum Reason {
    /** It uses another security mode than PSK, or one besides PSK. */
    OTHER_MODE,
    /** It has no endpoint. */
    NO_ENDPOINT,
    /** It has no key, or none that can be opened. */
    NO_KEY,
    /** Its endpoint, identity or key is outside the limits of a credential or of the format. */
    INVALID_VALUE,
    /** The key policy refuses its key. */
    WEAK_KEY,
    /** It is not written as the format wants. */
    MALFORMED
  }

  /**
   * Checks that nothing is null.
   *
   * @param number where the source has it, from 1
   * @param endpoint its endpoint, if it has a valid one
   * @param reason why, for programs
   * @param message the same for people
   */
  public NotTaken {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(message, "message");
  }
}
