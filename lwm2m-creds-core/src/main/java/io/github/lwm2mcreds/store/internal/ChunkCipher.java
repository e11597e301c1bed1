// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM of a long text in chunks: the STREAM construction (Hoang, Reyhanitabar, Rogaway and
 * Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015). The
 * nonce of a chunk is its number in 11 bytes, and 1 for the last chunk or 0 for others, so chunks
 * cannot be moved, left out or cut off. A key is for one text, since its nonces begin at 0.
 */
final class ChunkCipher {
  static final int KEY_LENGTH = 32;

  /** How much of the text is in each chunk but the last: 64 KiB. */
  static final int CHUNK_LENGTH = 1 << 16;

  static final int TAG_LENGTH = 16;
  private static final int NONCE_LENGTH = 12;

  private final int mode;
  private final SecretKey key;
  private final byte[] context;
  private final Cipher cipher;
  private long number;

  /**
   * Makes a cipher.
   *
   * @param mode as {@link Cipher#init} takes it
   * @param key copied
   * @param context authenticated with each chunk
   */
  ChunkCipher(int mode, byte[] key, byte[] context) {
    this.mode = mode;
    this.key = new SecretKeySpec(key, "AES");
    this.context = context.clone();
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw lacksGcm(e);
    }
  }

  /** The number of the next chunk, from 0. */
  long number() {
    return number;
  }

  /**
   * Encrypts or decrypts the next chunk.
   *
   * @return the length of the result; -1 if it does not open
   */
  int next(byte[] in, int length, boolean isLast, byte[] out) {
    byte[] nonce =
        ByteBuffer.allocate(NONCE_LENGTH)
            .putLong(NONCE_LENGTH - 1 - Long.BYTES, number++)
            .put(NONCE_LENGTH - 1, (byte) (isLast ? 1 : 0))
            .array();
    try {
      cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
      cipher.updateAAD(context);
      return cipher.doFinal(in, 0, length, out, 0);
    } catch (AEADBadTagException e) {
      return -1;
    } catch (GeneralSecurityException e) {
      throw lacksGcm(e);
    }
  }

  private static IllegalStateException lacksGcm(GeneralSecurityException e) {
    return new IllegalStateException("this Java runtime lacks AES-GCM", e);
  }
}
