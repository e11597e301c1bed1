package io.github.lwm2mcreds.partition;

/** Bytes that are not a well-formed credential partition. */
public final class PartitionFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, the first thing found. */
  public enum Reason {
    /** Fewer than 66 bytes. */
    TOO_SHORT,
    /** More than 66 bytes: a page or a dump, for {@link FlashImage} to read. */
    TOO_LONG,
    /** A field that is all {@code 0xFF}, as erased flash is. */
    ERASED,
    /** A field whose last byte is not NUL. */
    NOT_TERMINATED,
    /** A byte other than NUL after a field's first NUL. */
    DIRT_AFTER_TERMINATOR,
    /** A byte that is not a printable ASCII character. */
    NOT_ASCII,
    /** A character in the device token that is not a hex digit. */
    NOT_HEX,
    /** A device token that does not have 32 characters. */
    WRONG_TOKEN_LENGTH,
    /** An endpoint with no character. */
    EMPTY_ENDPOINT,
    /** A device token with no character. */
    EMPTY_TOKEN
  }

  /** What is wrong. */
  private final Reason reason;

  /** Where. */
  private final int offset;

  PartitionFormatException(Problem problem) {
    super(problem.text());
    this.reason = problem.reason();
    this.offset = problem.offset();
  }

  /**
   * Says what is wrong, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Says where.
   *
   * @return the offset of the first byte that is wrong, or of the first that is missing
   */
  public int offset() {
    return offset;
  }
}
