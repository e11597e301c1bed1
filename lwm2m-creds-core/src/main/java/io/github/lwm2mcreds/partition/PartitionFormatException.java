// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

/** The bytes are not a well-formed credential partition. */
public final class PartitionFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The first thing that is wrong. */
  public enum Reason {
    /** There are fewer than 66 bytes. */
    TOO_SHORT,
    /** There are more than 66 bytes: a page or a dump, which {@link FlashImage} reads. */
    TOO_LONG,
    /** A field is all {@code 0xFF}, like erased flash. */
    ERASED,
    /** The last byte of a field is not NUL. */
    NOT_TERMINATED,
    /** A byte after a field's first NUL is not NUL. */
    DIRT_AFTER_TERMINATOR,
    /** A byte is not a printable ASCII character. */
    NOT_ASCII,
    /** A character in the device token is not a hex digit. */
    NOT_HEX,
    /** The device token does not have 32 characters. */
    WRONG_TOKEN_LENGTH,
    /** The endpoint is empty. */
    EMPTY_ENDPOINT,
    /** The device token is empty. */
    EMPTY_TOKEN
  }

  /** What is wrong. */
  private final Reason reason;

  /** The offset of the first wrong byte. */
  private final int offset;

  PartitionFormatException(Problem problem) {
    super(problem.text());
    this.reason = problem.reason();
    this.offset = problem.offset();
  }

  /**
   * Returns what is wrong, for programs.
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
