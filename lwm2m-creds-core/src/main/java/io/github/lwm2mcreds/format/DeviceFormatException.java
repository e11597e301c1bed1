// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import java.util.Objects;

/** A file does not contain exactly one credential in the expected format. */
public final class DeviceFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The reason why there is none. */
  public enum Reason {
    /** The file ends before one of its parts does, or its length is not one of the format's. */
    WRONG_LENGTH,
    /** A part of the file is not as the format describes it. */
    MALFORMED,
    /** A checksum does not match: the file is damaged or encrypted. */
    BAD_CHECKSUM,
    /** The file contains no key, identity or endpoint. */
    MISSING,
    /** The file contains more than one credential, or contradicts itself. */
    AMBIGUOUS,
    /** The file uses a part of the format that is not supported. */
    UNSUPPORTED,
    /** The file contains a key, identity or endpoint that is outside the limits. */
    INVALID_CREDENTIAL
  }

  /** The reason why there is none. */
  private final Reason reason;

  /** The offset of the first wrong byte. */
  private final int offset;

  /**
   * Creates the exception.
   *
   * @param reason the reason, for programs
   * @param offset the offset of the first wrong or missing byte
   * @param message what is wrong, for people; never key bytes
   */
  public DeviceFormatException(Reason reason, int offset, String message) {
    super(message + " (at offset " + offset + ")");
    this.reason = Objects.requireNonNull(reason, "reason");
    this.offset = offset;
  }

  /**
   * Returns the reason, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Returns where it is wrong.
   *
   * @return the offset of the first wrong or missing byte
   */
  public int offset() {
    return offset;
  }
}
