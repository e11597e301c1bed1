// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.SecureRandom;

/**
 * A hash whose collisions nobody outside can choose: a polynomial over the numbers modulo the prime
 * 2^61 − 1 at a point that only this object knows. Two inputs of 128 bytes collide with a
 * probability of less than 2^−55.
 */
final class KeyedHash {
  private static final int PRIME_BITS = 61;
  private static final long PRIME = (1L << PRIME_BITS) - 1;

  private final long point;
  private final long spread;

  KeyedHash() {
    SecureRandom random = new SecureRandom();
    point = (random.nextLong() >>> 4) + 1; // less than 2^60, and not zero
    spread = random.nextLong() | 1;
  }

  /** Returns the hash of two numbers. */
  long of(int kind, long number) {
    long hash = add(add(add(0, kind + 1), number & 0xffffffffL), number >>> Integer.SIZE);
    return spread(hash);
  }

  /** Returns the hash of two numbers and some bytes. */
  long of(int kind, long number, byte[] bytes, int offset, int length) {
    long hash = add(add(add(0, kind + 1), number & 0xffffffffL), number >>> Integer.SIZE);
    hash = add(hash, length);
    int end = offset + length;
    for (int i = offset; i < end; i += Integer.BYTES) {
      long word = 0;
      for (int j = i; j < Math.min(i + Integer.BYTES, end); j++) {
        word = word << Byte.SIZE | bytes[j] & 0xff;
      }
      hash = add(hash, word);
    }
    return spread(hash);
  }

  /** One step of Horner's rule: hash times the point, plus a number of 32 bits. */
  private long add(long hash, long number) {
    long high = Math.multiplyHigh(hash, point);
    long low = hash * point;
    long sum = (low & PRIME) + (low >>> PRIME_BITS | high << Long.SIZE - PRIME_BITS) + number;
    return (sum & PRIME) + (sum >>> PRIME_BITS);
  }

  /** Spreads what differs over all bits. */
  private long spread(long hash) {
    long mixed = (hash ^ hash >>> 32) * spread;
    return mixed ^ mixed >>> 29;
  }
}
