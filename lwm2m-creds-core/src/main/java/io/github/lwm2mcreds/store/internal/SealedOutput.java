// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;

/**
 * Writes a secret text in authenticated chunks of 64 KiB, so that it is never in memory as a whole.
 * Without {@link #finish} it cannot be read. Closing it does not close what it writes to.
 */
public final class SealedOutput extends FilterOutputStream {
  /** The length of a key: 32 bytes. */
  public static final int KEY_LENGTH = ChunkCipher.KEY_LENGTH;

  private final ChunkCipher cipher;
  private final byte[] plain = new byte[ChunkCipher.CHUNK_LENGTH];
  private final byte[] sealed = new byte[ChunkCipher.CHUNK_LENGTH + ChunkCipher.TAG_LENGTH];
  private int length;

  /**
   * Begins a text.
   *
   * @param key 32 random bytes that are used for nothing else; wiped by the caller
   * @param context what the text is bound to, such as the header of its file
   */
  public SealedOutput(OutputStream out, byte[] key, byte[] context) {
    super(out);
    this.cipher = new ChunkCipher(Cipher.ENCRYPT_MODE, key, context);
  }

  @Override
  public void write(int b) throws IOException {
    if (length == plain.length) {
      writeChunk(false);
    }
    plain[length++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    int done = 0;
    while (done < count) {
      if (length == plain.length) {
        writeChunk(false); // not before more follows: the last one is marked
      }
      int part = Math.min(count - done, plain.length - length);
      System.arraycopy(bytes, offset + done, plain, length, part);
      length += part;
      done += part;
    }
  }

  private void writeChunk(boolean isLast) throws IOException {
    int written = cipher.next(plain, length, isLast, sealed);
    length = 0;
    out.write(sealed, 0, written);
  }

  /** Ends the text. */
  public void finish() throws IOException {
    writeChunk(true);
  }

  /** Wipes what was not written yet. */
  @Override
  public void close() {
    Arrays.fill(plain, (byte) 0);
  }
}
