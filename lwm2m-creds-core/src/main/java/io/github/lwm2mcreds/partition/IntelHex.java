// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** Intel HEX ("Hexadecimal Object File Format Specification", Intel, 1988), 32-bit addresses. */
final class IntelHex {
  private static final int DATA = 0;
  private static final int END_OF_FILE = 1;
  private static final int EXTENDED_SEGMENT_ADDRESS = 2;
  private static final int START_SEGMENT_ADDRESS = 3;
  private static final int EXTENDED_LINEAR_ADDRESS = 4;
  private static final int START_LINEAR_ADDRESS = 5;

  private static final int BYTES_PER_RECORD = 16;
  private static final int OVERHEAD = 5; // length, two of address, type, checksum
  private static final HexFormat UPPER_CASE = HexFormat.of().withUpperCase();

  // The end record and, at most, two upper addresses and two short data records; the rest of the
  // overhead is less than a third digit for each byte of data.
  private static final int MAX_LENGTH_OF_NO_DATA = 96;

  private IntelHex() {}

  /** Writes bytes at an address, as ASCII text. */
  static byte[] encode(long address, byte[] data) {
    return SecretBytes.useAndWipe(
        new byte[3 * data.length + MAX_LENGTH_OF_NO_DATA],
        text -> {
          ByteBuffer out = ByteBuffer.wrap(text);
          writeRecords(out, address, data);
          return Arrays.copyOf(text, out.position());
        });
  }

  private static void writeRecords(ByteBuffer out, long address, byte[] data) {
    long upper = 0;
    for (int i = 0; i < data.length; ) {
      long at = address + i;
      if (at >>> 16 != upper) {
        upper = at >>> 16;
        writeRecord(
            out, 0, EXTENDED_LINEAR_ADDRESS, new byte[] {(byte) (upper >>> 8), (byte) upper}, 0, 2);
      }
      int untilNextUpper = 0x10000 - (int) (at & 0xffff);
      int length = Math.min(Math.min(BYTES_PER_RECORD, data.length - i), untilNextUpper);
      writeRecord(out, (int) at, DATA, data, i, length);
      i += length;
    }
    writeRecord(out, 0, END_OF_FILE, data, 0, 0);
  }

  private static void writeRecord(
      ByteBuffer out, int offset, int type, byte[] data, int from, int length) {
    byte[] bytes =
        ByteBuffer.allocate(length + OVERHEAD)
            .put((byte) length)
            .putShort((short) offset)
            .put((byte) type)
            .put(data, from, length)
            .array();
    bytes[bytes.length - 1] = (byte) -sum(bytes);
    out.put((byte) ':');
    SecretBytes.useAndWipe(bytes, record -> HexDigits.encode(record, UPPER_CASE, out));
    out.put((byte) '\n');
  }

  private static byte sum(byte[] record) {
    byte sum = 0;
    for (byte b : record) {
      sum += b;
    }
    return sum;
  }

  /**
   * Reads a whole file; every record and checksum is verified, and the file must end as it should.
   */
  static void decode(byte[] text, SparseImage image) throws FlashImageException {
    Decoder decoder = new Decoder(text, image);
    int line = 1;
    int start = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n' || text[i] == '\r') {
        decoder.accept(start, i, line);
        boolean restOfCrLf = text[i] == '\n' && i > 0 && text[i - 1] == '\r';
        line += restOfCrLf ? 0 : 1;
        start = i + 1;
      }
    }
    decoder.accept(start, text.length, line);
    if (!decoder.ended) {
      throw new FlashImageException(
          Reason.NO_END_RECORD,
          "the Intel HEX file has no end-of-file record; it may be truncated, so write it again");
    }
  }

  private static final class Decoder {
    private final byte[] text;
    private final SparseImage image;
    private long base;
    private boolean segmented;
    private boolean ended;

    Decoder(byte[] text, SparseImage image) {
      this.text = text;
      this.image = image;
    }

    void accept(int start, int end, int number) throws FlashImageException {
      int last = end;
      while (last > start && (text[last - 1] == ' ' || text[last - 1] == '\t')) {
        last--;
      }
      if (last == start) {
        return;
      }
      if (!isRecord(start, last)) {
        throw bad(number, "is not a colon followed by pairs of hex digits");
      }
      if (ended) {
        throw bad(number, "comes after the end-of-file record");
      }
      ended =
          SecretBytes.useAndWipe(
              HexDigits.decode(text, start + 1, last), record -> isEnd(record, number));
    }

    private boolean isRecord(int start, int end) {
      int digits = end - start - 1;
      return text[start] == ':'
          && digits % 2 == 0
          && digits >= 2 * OVERHEAD
          && HexDigits.indexOfNonDigit(text, start + 1, end) < 0;
    }

    private static void verify(byte[] record, int number) throws FlashImageException {
      if ((record[0] & 0xff) != record.length - OVERHEAD) {
        throw bad(number, "declares a length other than its own");
      }
      if (sum(record) != 0) {
        throw new FlashImageException(
            Reason.BAD_CHECKSUM,
            "line " + number + " of the Intel HEX file has a wrong checksum; write the file again");
      }
    }

    /** Processes a record; whether it is the last. */
    private boolean isEnd(byte[] record, int number) throws FlashImageException {
      verify(record, number);
      int length = record.length - OVERHEAD;
      int offset = (record[1] & 0xff) << 8 | record[2] & 0xff;
      switch (record[3]) {
        case DATA -> data(record, length, offset, number);
        case END_OF_FILE -> require(length == 0, number);
        case EXTENDED_SEGMENT_ADDRESS -> {
          require(length == 2, number);
          base = upper(record) << 4;
          segmented = true;
        }
        case EXTENDED_LINEAR_ADDRESS -> {
          require(length == 2, number);
          base = upper(record) << 16;
          segmented = false;
        }
        case START_SEGMENT_ADDRESS, START_LINEAR_ADDRESS -> require(length == 4, number);
        default -> throw bad(number, "has the unknown type " + record[3]);
      }
      return record[3] == END_OF_FILE;
    }

    private void data(byte[] record, int length, int offset, int number)
        throws FlashImageException {
      for (int i = 0; i < length; i++) {
        // Segmented offsets wrap within their 64 KiB, linear ones within 32 bits.
        long address = segmented ? base + (offset + i & 0xffff) : base + offset + i & 0xffffffffL;
        if (!image.set(address, record[4 + i])) {
          throw bad(
              number, String.format(Locale.ROOT, "contradicts another at address 0x%x", address));
        }
      }
    }

    private static long upper(byte[] record) {
      return (record[4] & 0xff) << 8 | record[5] & 0xff;
    }

    private static void require(boolean lengthFits, int number) throws FlashImageException {
      if (!lengthFits) {
        throw bad(number, "has the wrong length for its type");
      }
    }

    private static FlashImageException bad(int number, String what) {
      return new FlashImageException(
          Reason.BAD_RECORD, "line " + number + " of the Intel HEX file " + what);
    }
  }
}
