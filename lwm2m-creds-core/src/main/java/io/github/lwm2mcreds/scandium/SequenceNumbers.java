// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.scandium.dtls.DTLSContext;

/**
 * Numbers that a server has not used for records of a session, though it was saved while the server
 * went on. A record's number is part of its nonce, so none may be used twice with one key.
 *
 * <p>Scandium sets a session's numbers by reading them, as {@link DTLSContext#writeSequenceNumbers}
 * writes them: a byte for the version (1), one for the length (28), the number of the next record
 * to send in 48 bits, the lower boundary of the receive window in 48, the window in 64 (its lowest
 * bit is the boundary's record), and the number of MAC errors in 64.
 */
final class SequenceNumbers {
  /** More records than a server sends to a device from one snapshot to the next. */
  static final long RESERVED = 1L << 32;

  /** A session that would begin behind this has to be made anew; the last number is 2^48 - 1. */
  static final long MAX_NEXT = 1L << 47;

  private static final int LENGTH = 30;
  private static final byte VERSION = 1;
  private static final int NUMBER_AT = 2;
  private static final int NUMBER_BITS = 48;
  private static final int WINDOW_AT = 14;

  private SequenceNumbers() {}

  /**
   * Moves the number of the next record to send behind all that the server may have used since it
   * saved the session, and takes all records below the newest one received for received.
   *
   * @return false if there are too few numbers left, and nothing was changed
   * @throws IllegalStateException if this version of Scandium keeps them in another way
   */
  static boolean reserve(DTLSContext context) {
    byte[] item = written(context);
    if (item.length != LENGTH || item[0] != VERSION || item[1] != LENGTH - NUMBER_AT) {
      throw unknownForm();
    }
    ByteBuffer numbers = ByteBuffer.wrap(item);
    long tail = numbers.getLong(NUMBER_AT); // with 16 bits of what follows
    long next = (tail >>> Long.SIZE - NUMBER_BITS) + RESERVED;
    if (next > MAX_NEXT) {
      return false;
    }
    numbers.putLong(NUMBER_AT, next << Long.SIZE - NUMBER_BITS | tail & 0xffff);
    long window = numbers.getLong(WINDOW_AT);
    if (window != 0) {
      numbers.putLong(WINDOW_AT, -1L >>> Long.numberOfLeadingZeros(window));
    }
    context.readSequenceNumbers(new DatagramReader(item));
    if (!Arrays.equals(item, written(context))) {
      throw unknownForm();
    }
    return true;
  }

  private static byte[] written(DTLSContext context) {
    DatagramWriter writer = new DatagramWriter(LENGTH);
    context.writeSequenceNumbers(writer);
    return writer.toByteArray();
  }

  private static IllegalStateException unknownForm() {
    return new IllegalStateException(
        "this version of Scandium keeps sequence numbers in another form, so a snapshot of its"
            + " sessions cannot be loaded");
  }
}
