// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 (RFC 2104), and the key derivation functions that are made of it. */
final class HmacSha256 {
  /** The length of an HMAC, and of each block of a derived key. */
  static final int LENGTH = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private HmacSha256() {}

  static byte[] of(byte[] key, byte[] message) {
    return under(key).doFinal(message);
  }

  /** Derives a key by HKDF (RFC 5869) without a salt. */
  static byte[] hkdf(byte[] secret, byte[] info, int length) {
    return hkdfExpand(hkdfExtract(new byte[LENGTH], secret), info, length);
  }

  /** Returns the pseudorandom key (RFC 5869 §2.2). */
  static byte[] hkdfExtract(byte[] salt, byte[] secret) {
    return of(salt, secret);
  }

  /** Derives a key from a pseudorandom key, and wipes that (RFC 5869 §2.3). */
  static byte[] hkdfExpand(byte[] pseudorandomKey, byte[] info, int length) {
    Mac mac = under(pseudorandomKey);
    Arrays.fill(pseudorandomKey, (byte) 0);
    byte[] key = new byte[length];
    for (int from = 0; from < length; from += LENGTH) {
      if (from > 0) {
        mac.update(key, from - LENGTH, LENGTH);
      }
      mac.update(info);
      mac.update((byte) (from / LENGTH + 1));
      moveBlock(mac.doFinal(), key, from);
    }
    return key;
  }

  /** Derives a key by counter mode (SP 800-108r1 §4.1), a 32-bit counter before the input. */
  static byte[] counterMode(byte[] secret, byte[] fixedInput, int length) {
    Mac mac = under(secret);
    byte[] key = new byte[length];
    for (int from = 0; from < length; from += LENGTH) {
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(from / LENGTH + 1).array());
      mac.update(fixedInput);
      moveBlock(mac.doFinal(), key, from);
    }
    return key;
  }

  /** Copies as much of a block as the key has room for, and wipes the block. */
  static void moveBlock(byte[] block, byte[] key, int from) {
    System.arraycopy(block, 0, key, from, Math.min(block.length, key.length - from));
    Arrays.fill(block, (byte) 0);
  }

  private static Mac under(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this Java runtime has no HmacSHA256, which every Java runtime must have", e);
    }
  }
}
