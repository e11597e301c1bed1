// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.util.Objects;

/** No credential partition can be found in a flash image, Intel HEX file or devicetree. */
public final class FlashImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The reason why there is none. */
  public enum Reason {
    /** A line is not an Intel HEX record, or contradicts another. */
    BAD_RECORD,
    /** The checksum of an Intel HEX record does not match its bytes. */
    BAD_CHECKSUM,
    /** An Intel HEX file has no end-of-file record; it is truncated. */
    NO_END_RECORD,
    /** An image ends before the end of the partition, or has holes in it. */
    INCOMPLETE,
    /** An image does not tell where the partition is. */
    LOCATION_NEEDED,
    /** A devicetree has no credentials partition. */
    NO_PARTITION_NODE,
    /** The {@code reg} of a devicetree's credentials partition is not an address and a size. */
    BAD_REG,
    /** A devicetree is not well-formed, or its build would stop. */
    BAD_DEVICETREE,
    /** A devicetree includes a file that is not there, and that may decide. */
    MISSING_INCLUDE,
    /** A devicetree leaves open which of several places it is; the message lists them. */
    AMBIGUOUS_PARTITION,
    /** The partition is on a flash that the CPU does not map, or that the devicetree lacks. */
    UNKNOWN_FLASH,
    /** A file is of a kind that has no partition in a form that can be read, such as ELF. */
    UNSUPPORTED_FILE
  }

  /** The reason why there is none. */
  private final Reason reason;

  FlashImageException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason);
  }

  /**
   * Returns the reason, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
