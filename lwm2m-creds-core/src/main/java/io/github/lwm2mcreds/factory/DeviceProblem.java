// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import java.util.Objects;
import java.util.Optional;

/**
 * Why a device cannot be made.
 *
 * @param line its line in the list, from 1; 0 if it is not of one row of a list
 * @param endpoint its endpoint, if it is known
 * @param reason what is wrong, for programs
 * @param message the same for people, on one line; never a key
 */
public record DeviceProblem(long line, Optional<String> endpoint, Reason reason, String message) {
  /** What is wrong with a device. */
  public enum Reason {
    /** The row cannot be read, or a value of it is not valid. */
    BAD_ROW,
    /** A device with this firmware cannot hold the credential. */
    UNSUITABLE,
    /** The board is not known, and no location was given. */
    UNKNOWN_BOARD,
    /** The endpoint is in the list twice. */
    DUPLICATE_ENDPOINT,
    /** The key is in the list twice. */
    DUPLICATE_KEY,
    /** The endpoint, or the identity, belongs to a device that exists already. */
    TAKEN_ENDPOINT,
    /** The key belongs to a device that exists already. */
    TAKEN_KEY
  }

  /**
   * Checks that nothing is null.
   *
   * @param line its line in the list
   * @param endpoint its endpoint
   * @param reason what is wrong, for programs
   * @param message the same for people
   */
  public DeviceProblem {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(message, "message");
  }
}
