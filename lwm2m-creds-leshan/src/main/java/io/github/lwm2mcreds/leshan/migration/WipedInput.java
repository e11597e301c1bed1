// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A buffered input that counts its bytes, has a limit, and wipes its buffer when it is closed. */
final class WipedInput extends InputStream {
  private final InputStream in;
  private final long limit;
  private final byte[] buffer = new byte[1 << 13];
  private int position;
  private int end;
  private long before; // bytes ahead of the buffer's

  WipedInput(InputStream in, long limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Returns how many bytes were read. */
  long count() {
    return before + position;
  }

  /** Returns the next byte without reading it, or -1 at the end. */
  int peek() throws IOException {
    if (position == end && !fill()) {
      return -1;
    }
    return buffer[position] & 0xff;
  }

  private boolean fill() throws IOException {
    before += end;
    position = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    if (before + end > limit) {
      throw new SourceException(
          SourceException.Reason.TOO_LARGE, "it is larger than " + limit + " bytes");
    }
    return end > 0;
  }

  @Override
  public int read() throws IOException {
    int next = peek();
    position += next < 0 ? 0 : 1;
    return next;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (peek() < 0) {
      return -1;
    }
    int read = Math.min(length, end - position);
    System.arraycopy(buffer, position, bytes, offset, read);
    position += read;
    return read;
  }

  @Override
  public void close() throws IOException {
    Arrays.fill(buffer, (byte) 0);
    in.close();
  }
}
