package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.HexDigits;
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
    ByteBuffer out = ByteBuffer.allocate(3 * data.length + MAX_LENGTH_OF_NO_DATA);
    long upper = 0;
    for (int i = 0; i < data.length; ) {
      long at = address + i;
      if (at >>> 16 != upper) {
        upper = at >>> 16;
        writeRecord(
            out, 0, EXTENDED_LINEAR_ADDRESS, new byte[] {(byte) (upper >>> 8), (byte) upper});
      }
      int untilNextUpper = 0x10000 - (int) (at & 0xffff);
      int length = Math.min(Math.min(BYTES_PER_RECORD, data.length - i), untilNextUpper);
      byte[] chunk = Arrays.copyOfRange(data, i, i + length);
      writeRecord(out, (int) (at & 0xffff), DATA, chunk);
      Arrays.fill(chunk, (byte) 0);
      i += length;
    }
    writeRecord(out, 0, END_OF_FILE, new byte[0]);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void writeRecord(ByteBuffer out, int offset, int type, byte[] data) {
    byte[] record = new byte[data.length + OVERHEAD];
    record[0] = (byte) data.length;
    record[1] = (byte) (offset >>> 8);
    record[2] = (byte) offset;
    record[3] = (byte) type;
    System.arraycopy(data, 0, record, 4, data.length);
    record[record.length - 1] = (byte) -sum(record);
    out.put((byte) ':');
    HexDigits.encode(record, UPPER_CASE, out).put((byte) '\n');
    Arrays.fill(record, (byte) 0);
  }

  private static int sum(byte[] record) {
    int sum = 0;
    for (byte b : record) {
      sum += b;
    }
    return sum & 0xff;
  }

  /**
   * Reads a whole file; every record and checksum is verified, and the file must end as it should.
   */
  static SparseImage decode(byte[] text) throws FlashImageException {
    SparseImage image = new SparseImage();
    Decoder decoder = new Decoder(image);
    int line = 0;
    int start = 0;
    while (start < text.length) {
      line++;
      int end = start;
      while (end < text.length && text[end] != '\n' && text[end] != '\r') {
        end++;
      }
      int last = end;
      while (last > start && (text[last - 1] == ' ' || text[last - 1] == '\t')) {
        last--;
      }
      if (last > start) {
        decoder.accept(text, start, last, line);
      }
      boolean crLf = end + 1 < text.length && text[end] == '\r' && text[end + 1] == '\n';
      start = end + (crLf ? 2 : 1);
    }
    if (!decoder.ended) {
      throw new FlashImageException(
          Reason.NO_END_RECORD,
          "the Intel HEX file has no end-of-file record; it may have been cut: write it again");
    }
    return image;
  }

  private static final class Decoder {
    private final SparseImage image;
    private long base;
    private boolean segmented;
    private boolean ended;

    Decoder(SparseImage image) {
      this.image = image;
    }

    void accept(byte[] text, int start, int end, int number) throws FlashImageException {
      byte[] record = parse(text, start, end, number);
      if (ended) {
        throw bad(number, "stands after the end-of-file record");
      }
      try {
        process(record, number);
      } finally {
        Arrays.fill(record, (byte) 0);
      }
    }

    private void process(byte[] record, int number) throws FlashImageException {
      int length = record.length - OVERHEAD;
      int offset = (record[1] & 0xff) << 8 | record[2] & 0xff;
      switch (record[3]) {
        case DATA -> data(record, length, offset, number);
        case END_OF_FILE -> {
          require(length == 0, number);
          ended = true;
        }
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

    private static byte[] parse(byte[] text, int start, int end, int number)
        throws FlashImageException {
      int digits = end - start - 1;
      if (text[start] != ':'
          || digits % 2 != 0
          || digits < 2 * OVERHEAD
          || HexDigits.indexOfNonDigit(text, start + 1, end) >= 0) {
        throw bad(number, "is not a colon and pairs of hex digits");
      }
      byte[] record = HexDigits.decode(text, start + 1, end);
      if ((record[0] & 0xff) != record.length - OVERHEAD) {
        throw bad(number, "says another length than it has");
      }
      if (sum(record) != 0) {
        throw new FlashImageException(
            Reason.BAD_CHECKSUM,
            "line " + number + " of the Intel HEX file has a wrong checksum: write the file again");
      }
      return record;
    }

    private static void require(boolean lengthFits, int number) throws FlashImageException {
      if (!lengthFits) {
        throw bad(number, "has a length that its type does not have");
      }
    }

    private static FlashImageException bad(int number, String what) {
      return new FlashImageException(
          Reason.BAD_RECORD, "line " + number + " of the Intel HEX file " + what);
    }
  }
}
