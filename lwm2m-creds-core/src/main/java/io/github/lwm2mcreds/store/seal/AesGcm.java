// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import io.github.lwm2mcreds.KeyRandom;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-GCM (NIST SP 800-38D) with a random nonce of 96 bits and a tag of 128, as {@code prefix |
 * nonce | ciphertext | tag}. The prefix is in clear; it is authenticated, and so is a context that
 * both sides know.
 */
final class AesGcm {
  static final String TRANSFORMATION = "AES/GCM/NoPadding";

  /** By how much the result is longer than prefix and plaintext. */
  static final int OVERHEAD = 12 + 16;

  private static final int NONCE_LENGTH = 12;
  private static final int TAG_LENGTH = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private AesGcm() {}

  /** A cipher of whichever provider can use the key that it is first used with. */
  static Cipher cipher() throws GeneralSecurityException {
    return Cipher.getInstance(TRANSFORMATION);
  }

  /** For nonces, salts and names: a source that is stuck would repeat them. */
  static byte[] randomBytes(int length) {
    KeyRandom.requireHealthy();
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  static byte[] newKey(int length) {
    byte[] key = new byte[length];
    KeyRandom.fill(key);
    return key;
  }

  /** Encrypts. The caller wipes the plaintext. */
  static byte[] seal(Cipher cipher, SecretKey key, byte[] prefix, byte[] context, byte[] plaintext)
      throws GeneralSecurityException {
    byte[] nonce = randomBytes(NONCE_LENGTH);
    byte[] sealed = Arrays.copyOf(prefix, prefix.length + plaintext.length + OVERHEAD);
    System.arraycopy(nonce, 0, sealed, prefix.length, NONCE_LENGTH);
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
    cipher.updateAAD(prefix);
    cipher.updateAAD(context);
    cipher.doFinal(plaintext, 0, plaintext.length, sealed, prefix.length + NONCE_LENGTH);
    return sealed;
  }

  /**
   * Decrypts.
   *
   * @return the plaintext, which the caller wipes; null if it was sealed with another key or
   *     context, or was altered
   */
  static byte[] open(Cipher cipher, SecretKey key, byte[] sealed, int prefixLength, byte[] context)
      throws GeneralSecurityException {
    if (sealed.length < prefixLength + OVERHEAD) {
      return null;
    }
    cipher.init(
        Cipher.DECRYPT_MODE,
        key,
        new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, sealed, prefixLength, NONCE_LENGTH));
    cipher.updateAAD(sealed, 0, prefixLength);
    cipher.updateAAD(context);
    int from = prefixLength + NONCE_LENGTH;
    try {
      return cipher.doFinal(sealed, from, sealed.length - from);
    } catch (AEADBadTagException e) {
      return null;
    }
  }
}
