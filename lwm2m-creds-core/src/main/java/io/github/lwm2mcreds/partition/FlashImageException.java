package io.github.lwm2mcreds.partition;

import java.util.Objects;

/** A flash image, Intel HEX file or devicetree in which no credential partition can be found. */
public final class FlashImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** A line that is not an Intel HEX record, or one that contradicts another. */
    BAD_RECORD,
    /** An Intel HEX record whose checksum does not fit its bytes. */
    BAD_CHECKSUM,
    /** An Intel HEX file without an end-of-file record: it was cut. */
    NO_END_RECORD,
    /** An image that ends before the partition does, or has holes in it. */
    INCOMPLETE,
    /** An image that does not tell where the partition lies. */
    LOCATION_NEEDED,
    /** A devicetree without a credentials partition. */
    NO_PARTITION_NODE,
    /**
     * A devicetree whose credentials partition has a {@code reg} that is not an address and a size.
     */
    BAD_REG
  }

  /** What is wrong. */
  private final Reason reason;

  FlashImageException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason);
  }

  /**
   * Says what is wrong, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
