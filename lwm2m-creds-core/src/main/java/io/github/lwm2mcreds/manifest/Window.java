// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The part of a source that is in memory. It holds keys, and is wiped when it is closed. */
final class Window implements AutoCloseable {
  /** What follows the last byte. */
  static final int END = -1;

  /** How far beyond its start one can look. */
  static final int REACH = ManifestReader.MAX_ROW_LENGTH + 2;

  private final InputStream in;
  private final byte[] buffer = new byte[4 * REACH];
  private int start;
  private int end;
  private boolean complete;
  private long line = 1;

  Window(InputStream in) {
    this.in = in;
  }

  /** Returns a byte, or {@link #END}. */
  int at(int offset) throws IOException {
    while (start + offset >= end) {
      if (complete) {
        return END;
      }
      fill();
    }
    return buffer[start + offset] & 0xff;
  }

  private void fill() throws IOException {
    if (end == buffer.length) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    int read = in.read(buffer, end, buffer.length - end);
    complete = read < 0;
    end += Math.max(0, read);
  }

  /** Returns a byte that {@link #at} has seen. */
  int seen(int offset) {
    return buffer[start + offset];
  }

  /** Returns bytes that {@link #at} has seen. */
  byte[] copy(int from, int to) {
    return Arrays.copyOfRange(buffer, start + from, start + to);
  }

  /** Returns whether the source begins with some bytes. */
  boolean startsWith(int... bytes) throws IOException {
    for (int i = 0; i < bytes.length; i++) {
      if (at(i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Moves the start behind bytes that {@link #at} has seen. */
  void skip(int length) throws IOException {
    for (int i = 0; i < length; i++) {
      if (isLineEnd(i)) {
        line++;
      }
    }
    start += length;
  }

  private boolean isLineEnd(int offset) throws IOException {
    int c = buffer[start + offset];
    return c == '\n' || c == '\r' && at(offset + 1) != '\n';
  }

  /** Moves the start to the next line, however far away it is. */
  void skipLine() throws IOException {
    while (at(0) != END) {
      for (int i = 0; i < REACH; i++) {
        int c = at(i);
        if (c == END || isLineEnd(i)) {
          skip(c == END ? i : i + 1);
          return;
        }
      }
      skip(REACH - 1);
    }
  }

  /** Returns the number of the line at the start, from 1. */
  long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    Arrays.fill(buffer, (byte) 0);
    in.close();
  }
}
