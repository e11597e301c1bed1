// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import java.security.GeneralSecurityException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * An AES-256 key that seals a store's PSKs, and the ciphers that were made for it: to look one up
 * at the providers takes longer than to use it, and a cipher that stays with one key expands that
 * only once.
 */
final class SealingKey {
  static final int LENGTH = 32;

  private final SecretKey key;
  private final Queue<Cipher> ciphers = new ConcurrentLinkedQueue<>();

  /** Copies the key; the caller wipes its own. */
  SealingKey(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  byte[] seal(byte[] prefix, byte[] context, byte[] plaintext) {
    return use(cipher -> AesGcm.seal(cipher, key, prefix, context, plaintext));
  }

  /** Returns null if it does not open. */
  byte[] open(byte[] sealed, int prefixLength, byte[] context) {
    return use(cipher -> AesGcm.open(cipher, key, sealed, prefixLength, context));
  }

  private byte[] use(Operation operation) {
    try {
      Cipher cipher = ciphers.poll();
      if (cipher == null) {
        cipher = AesGcm.cipher();
      }
      byte[] result = operation.by(cipher);
      ciphers.add(cipher);
      return result;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks " + AesGcm.TRANSFORMATION, e);
    }
  }

  private interface Operation {
    byte[] by(Cipher cipher) throws GeneralSecurityException;
  }
}
