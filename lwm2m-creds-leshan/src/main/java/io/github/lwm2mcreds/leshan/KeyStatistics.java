// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PreSharedKey;
import java.util.ArrayList;
import java.util.List;

/** Counts over the bytes of many keys, none of which is kept. */
final class KeyStatistics {
  private static final int VALUES = 256;

  /** A position that is the same in fewer keys may be so by chance. */
  private static final int MIN_KEYS = 10;

  private final long[] counts = new long[VALUES];
  private final int[] first = new int[PreSharedKey.MAX_LENGTH];
  private final boolean[] varies = new boolean[PreSharedKey.MAX_LENGTH];
  private final long[] keysAt = new long[PreSharedKey.MAX_LENGTH];

  void add(byte[] key) {
    for (int i = 0; i < key.length; i++) {
      int value = key[i] & 0xff;
      counts[value]++;
      if (keysAt[i]++ == 0) {
        first[i] = value;
      }
      varies[i] |= first[i] != value;
    }
  }

  long bytes() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  long ones() {
    long sum = 0;
    for (int value = 0; value < VALUES; value++) {
      sum += counts[value] * Integer.bitCount(value);
    }
    return sum;
  }

  /** Returns by how many standard deviations the number of ones is off (SP 800-22 §2.1). */
  double monobit() {
    double bits = 8.0 * bytes();
    return bits == 0 ? 0 : (2.0 * ones() - bits) / Math.sqrt(bits);
  }

  double chiSquare() {
    double expected = bytes() / (double) VALUES;
    double sum = 0;
    for (long count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return expected == 0 ? 0 : sum;
  }

  /**
   * Returns chi-square as standard deviations of a normal distribution (Wilson and Hilferty 1931).
   */
  double chiSquareDeviation() {
    double degrees = VALUES - 1;
    double variance = 2 / (9 * degrees);
    return (Math.cbrt(chiSquare() / degrees) - (1 - variance)) / Math.sqrt(variance);
  }

  /** Returns the positions, from 0, at which all keys have the same byte. */
  List<Integer> constantPositions() {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < keysAt.length; i++) {
      if (keysAt[i] >= MIN_KEYS && !varies[i]) {
        positions.add(i);
      }
    }
    return positions;
  }
}
