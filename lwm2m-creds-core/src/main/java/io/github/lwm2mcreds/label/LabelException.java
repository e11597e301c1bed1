// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import java.io.IOException;
import java.util.Objects;

/** Labels cannot be written. */
public final class LabelException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** The name of the file says none of the known formats. */
    UNKNOWN_FORMAT,
    /** There are more labels than the format holds. */
    TOO_MANY,
    /** An optional library is missing; the message names the artifact to add. */
    LIBRARY_MISSING
  }

  /** What is wrong. */
  private final Reason reason;

  LabelException(Reason reason, String message) {
    this(reason, message, null);
  }

  LabelException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns what is wrong, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
