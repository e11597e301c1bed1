// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;

/**
 * Reads what {@link SealedOutput} wrote. No byte of a chunk is returned before all of the chunk was
 * authenticated; the end is returned only if nothing is missing. Closing it does not close what it
 * reads.
 */
public final class SealedInput extends InputStream {
  private static final int SEALED_LENGTH = ChunkCipher.CHUNK_LENGTH + ChunkCipher.TAG_LENGTH;

  private final InputStream in;
  private final ChunkCipher cipher;
  private byte[] sealed = new byte[SEALED_LENGTH];
  private byte[] following = new byte[SEALED_LENGTH];
  private int followingLength;
  private final byte[] plain = new byte[SEALED_LENGTH];
  private int position;
  private int length;
  private boolean isLast;

  /** Thrown when the text was altered or is incomplete. */
  public static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(long offset) {
      super("what is sealed from byte " + offset + " on was altered, or the end is missing");
    }
  }

  /**
   * Begins to read.
   *
   * @param key as it was written; wiped by the caller
   * @param context as it was written
   */
  public SealedInput(InputStream in, byte[] key, byte[] context) throws IOException {
    this.in = in;
    this.cipher = new ChunkCipher(Cipher.DECRYPT_MODE, key, context);
    this.followingLength = in.readNBytes(following, 0, SEALED_LENGTH);
  }

  @Override
  public int read() throws IOException {
    return fill() ? plain[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    if (count == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int part = Math.min(count, length - position);
    System.arraycopy(plain, position, bytes, offset, part);
    position += part;
    return part;
  }

  /** Reads the next chunk if this one is used up; returns whether there is anything. */
  private boolean fill() throws IOException {
    while (position == length) {
      if (isLast) {
        return false;
      }
      readChunk();
    }
    return true;
  }

  /** Whether a chunk is the last one shows when there is nothing behind it. */
  private void readChunk() throws IOException {
    byte[] chunk = following;
    int chunkLength = followingLength;
    following = sealed;
    sealed = chunk;
    followingLength = chunkLength < SEALED_LENGTH ? 0 : in.readNBytes(following, 0, SEALED_LENGTH);
    boolean last = followingLength == 0;
    long offset = cipher.number() * SEALED_LENGTH;
    int opened =
        chunkLength < ChunkCipher.TAG_LENGTH ? -1 : cipher.next(chunk, chunkLength, last, plain);
    if (opened < 0) {
      throw new DamagedException(offset);
    }
    position = 0;
    length = opened;
    isLast = last;
  }

  /** Reads to the end, to find out whether it all opens. */
  public void verify() throws IOException {
    while (fill()) {
      position = length;
    }
  }

  /** Wipes what was read. */
  @Override
  public void close() {
    Arrays.fill(plain, (byte) 0);
    position = 0;
    length = 0;
    isLast = true;
  }
}
