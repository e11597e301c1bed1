// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.partition.PartitionFormatException.Reason;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One of the partition's two fields: a C string in 33 bytes, the last of them always NUL. */
enum Field {
  ENDPOINT("endpoint", 0),
  TOKEN("device token", 33);

  /** Bytes a field takes in flash. */
  static final int SIZE = 33;

  /** The most characters a field holds. */
  static final int MAX_LENGTH = SIZE - 1;

  private static final byte ERASED = (byte) 0xff;

  private final String label;
  private final int offset;

  Field(String label, int offset) {
    this.label = label;
    this.offset = offset;
  }

  /** Whether the last byte is NUL, which is all that the firmware looks at. */
  boolean isSet(byte[] partition) {
    return partition[offset + MAX_LENGTH] == 0;
  }

  boolean isErased(byte[] partition) {
    for (int i = 0; i < SIZE; i++) {
      if (partition[offset + i] != ERASED) {
        return false;
      }
    }
    return true;
  }

  /** The bytes up to the first NUL, as C reads them; only of a field that is set. */
  byte[] cString(byte[] partition) {
    return Arrays.copyOfRange(partition, offset, offset + length(partition));
  }

  private int length(byte[] partition) {
    int length = 0;
    while (partition[offset + length] != 0) {
      length++;
    }
    return length;
  }

  void write(byte[] content, byte[] partition) {
    System.arraycopy(content, 0, partition, offset, content.length);
  }

  /** Returns the first thing in which this field differs from what a careful generator writes. */
  Optional<Problem> problem(byte[] partition) {
    if (isErased(partition)) {
      return problem(Reason.ERASED, 0, "is erased (all 0xFF)");
    }
    if (!isSet(partition)) {
      return problem(Reason.NOT_TERMINATED, MAX_LENGTH, "does not end in NUL");
    }
    int length = length(partition);
    for (int i = length; i < SIZE; i++) {
      if (partition[offset + i] != 0) {
        return problem(
            Reason.DIRT_AFTER_TERMINATOR, i, "has other bytes after its terminating NUL");
      }
    }
    for (int i = 0; i < length; i++) {
      if (partition[offset + i] < ' ' || partition[offset + i] > '~') {
        return problem(Reason.NOT_ASCII, i, "has a byte that is not a printable ASCII character");
      }
    }
    return this == ENDPOINT ? endpointProblem(length) : tokenProblem(partition, length);
  }

  private Optional<Problem> endpointProblem(int length) {
    return length == 0 ? problem(Reason.EMPTY_ENDPOINT, 0, "is empty") : Optional.empty();
  }

  private Optional<Problem> tokenProblem(byte[] partition, int length) {
    if (length == 0) {
      return problem(Reason.EMPTY_TOKEN, 0, "is empty");
    }
    int bad = HexDigits.indexOfNonDigit(partition, offset, offset + length);
    if (bad >= 0) {
      return problem(Reason.NOT_HEX, bad - offset, "has a character that is not a hex digit");
    }
    return length == MAX_LENGTH
        ? Optional.empty()
        : problem(
            Reason.WRONG_TOKEN_LENGTH,
            length,
            "has " + length + " hex digits; it needs " + MAX_LENGTH);
  }

  private Optional<Problem> problem(Reason reason, int index, String what) {
    int at = offset + index;
    return Optional.of(
        new Problem(
            reason, at, String.format(Locale.ROOT, "the %s %s (offset %d)", label, what, at)));
  }
}
