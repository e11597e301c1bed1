// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * Converts secret bytes to ASCII hex digits and back, in arrays and buffers that can be wiped. For
 * bytes that are not secret, {@link HexFormat} and strings do.
 */
public final class HexDigits {
  private HexDigits() {}

  /**
   * Returns two lower-case digits for each byte.
   *
   * @param bytes not kept
   * @return ASCII digits, which the caller should wipe after use
   */
  public static byte[] encode(byte[] bytes) {
    return encode(bytes, HexFormat.of(), ByteBuffer.allocate(2 * bytes.length)).array();
  }

  /**
   * Writes two digits for each byte.
   *
   * @param bytes not kept
   * @param format whether letters are upper or lower case; nothing else of it is used
   * @param out where the ASCII digits go
   * @return {@code out}
   * @throws java.nio.BufferOverflowException if there is no room for them
   */
  public static ByteBuffer encode(byte[] bytes, HexFormat format, ByteBuffer out) {
    for (byte b : bytes) {
      out.put((byte) format.toHighHexDigit(b)).put((byte) format.toLowHexDigit(b));
    }
    return out;
  }

  /**
   * Returns the bytes that a range of hex digits stands for.
   *
   * @param text ASCII digits of either case; not kept
   * @param from the index of the first digit
   * @param to the index after the last digit
   * @return half as many bytes, which the caller should wipe after use
   * @throws IllegalArgumentException if the number of digits is odd or one is not a digit; the
   *     message gives the number or the index
   * @throws IndexOutOfBoundsException if the range is not within the text
   */
  public static byte[] decode(byte[] text, int from, int to) {
    int length = to - from;
    if (length % 2 != 0) {
      throw new IllegalArgumentException(
          "there is an odd number of hex digits, " + length + "; each byte needs two");
    }
    int bad = indexOfNonDigit(text, from, to);
    if (bad >= 0) {
      throw new IllegalArgumentException("the character at index " + bad + " is not a hex digit");
    }
    byte[] bytes = new byte[length / 2];
    for (int i = 0; i < length; i++) {
      bytes[i / 2] = (byte) (bytes[i / 2] << 4 | HexFormat.fromHexDigit(text[from + i]));
    }
    return bytes;
  }

  /**
   * Returns the index of the first byte that is not an ASCII hex digit.
   *
   * @param text not kept
   * @param from the index to start at
   * @param to the index after the last one to look at
   * @return the index in the text; -1 if all are digits
   * @throws IndexOutOfBoundsException if the range is not within the text
   */
  public static int indexOfNonDigit(byte[] text, int from, int to) {
    Objects.checkFromToIndex(from, to, text.length);
    for (int i = from; i < to; i++) {
      if (!HexFormat.isHexDigit(text[i])) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Describes what keeps a text from being hex digits alone, counting characters from 1.
   *
   * @param text what a user gave as hex; not kept
   * @return a predicate such as "begins with 0x, which is not a part of it", without any character
   *     that may be secret; empty if all are hex digits
   */
  public static Optional<String> describeMistake(byte[] text) {
    int bad = indexOfNonDigit(text, 0, text.length);
    if (bad < 0) {
      return Optional.empty();
    }
    if (bad == 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
      return Optional.of("begins with 0x, which is not a part of it");
    }
    String what =
        switch (text[bad]) {
          case '"', '\'' -> "a quote";
          case ':' -> "a colon";
          case '-' -> "a hyphen";
          case ',' -> "a comma";
          case ' ', '\t' -> "a blank";
          case '\n', '\r' -> "a line's end";
          case 0 -> "a NUL";
          default -> "something that is not a hex digit";
        };
    return Optional.of("has " + what + " as character " + (bad + 1));
  }
}
