// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.io.IOException;
import java.util.Objects;

/** A source as a whole cannot be used. The message never holds a key or a password. */
public final class SourceException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** It is something else than it was opened as. */
    OTHER_FORMAT,
    /** It holds what no such file holds, such as objects of another class. */
    NOT_ALLOWED,
    /** It is damaged. */
    MALFORMED,
    /** Its end is missing. */
    TRUNCATED,
    /** It is larger or more deeply nested than this library reads. */
    TOO_LARGE,
    /** It is encrypted, and no password was given. */
    ENCRYPTED,
    /** The password is wrong. */
    WRONG_PASSWORD,
    /** It leaves open what is meant; the message names the candidates. */
    AMBIGUOUS,
    /** The server refused, or could not be reached. */
    UNAVAILABLE
  }

  /** What is wrong. */
  private final Reason reason;

  SourceException(Reason reason, String message) {
    this(reason, message, null);
  }

  SourceException(Reason reason, String message, Throwable cause) {
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
