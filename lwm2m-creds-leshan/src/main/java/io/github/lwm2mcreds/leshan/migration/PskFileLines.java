// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of a file with keys, as bytes that are wiped. They end with LF, CR LF or CR. */
final class PskFileLines implements AutoCloseable {
  /** How many bytes a line may have. */
  static final int MAX_LENGTH = 1 << 12;

  private final WipedInput in;
  private final byte[] line = new byte[MAX_LENGTH];
  private int length;
  private boolean isTooLong;
  private long number;

  PskFileLines(InputStream in) {
    this.in = new WipedInput(in, SerialReader.MAX_LENGTH);
  }

  /** Returns the first byte that was not read, or -1. */
  int peek() throws IOException {
    return in.peek();
  }

  /** Reads a line; returns whether there was one. */
  boolean next() throws IOException {
    length = 0;
    isTooLong = false;
    if (in.peek() < 0) {
      return false;
    }
    number++;
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b == '\r') {
        if (in.peek() == '\n') {
          in.read();
        }
        return true;
      }
      if (length < MAX_LENGTH) {
        line[length++] = (byte) b;
      } else {
        isTooLong = true;
      }
    }
    return true;
  }

  /** Returns the line without its end, a copy. */
  byte[] line() {
    return Arrays.copyOf(line, length);
  }

  boolean isTooLong() {
    return isTooLong;
  }

  /** Returns the number of the line, from 1. */
  long number() {
    return number;
  }

  static int indexOf(char wanted, byte[] line) {
    for (int i = 0; i < line.length; i++) {
      if (line[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  static boolean isUtf8(byte[] text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    Arrays.fill(line, (byte) 0);
    in.close();
  }
}
