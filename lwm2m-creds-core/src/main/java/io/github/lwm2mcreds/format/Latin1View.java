// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * Bytes as characters of the same index, for regular expressions that copy nothing: a key's digits
 * never become a string, unless someone asks a matcher for their group.
 */
record Latin1View(byte[] bytes) implements CharSequence {
  @Override
  public int length() {
    return bytes.length;
  }

  @Override
  public char charAt(int index) {
    return (char) (bytes[index] & 0xff);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new Latin1View(Arrays.copyOfRange(bytes, start, end));
  }

  /** The index of the end of the line that begins at an index, without its CR or LF. */
  int endOfLine(int start) {
    int end = start;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    return end;
  }

  @Override
  public String toString() {
    return new String(bytes, ISO_8859_1);
  }
}
