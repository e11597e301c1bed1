// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long each of many keys has to be quiet until it owes nothing, in a table whose size is fixed.
 * Where there are more keys than it has room for, those that owe least are forgotten: nobody owes
 * more than for what it did itself. Reading and writing wait for nobody.
 */
final class Debts {
  static final int SIZE = 1 << 16;

  /** How many places a key may be in; they share a line of the processor's cache. */
  private static final int WAYS = 8;

  private static final int TIME_BITS = 40; // 34 years of milliseconds
  private static final long TIME = (1L << TIME_BITS) - 1;

  /** In each, some bits of the key and the time when it owes nothing. */
  private final AtomicLongArray places = new AtomicLongArray(SIZE);

  /**
   * Returns how many milliseconds a key owes.
   *
   * @param key a hash with a secret key
   * @param now milliseconds since some time, not negative
   */
  long owed(long key, long now) {
    int first = first(key);
    for (int i = first; i < first + WAYS; i++) {
      long place = places.get(i);
      if (isOf(key, place)) {
        return left(place, now);
      }
    }
    return 0;
  }

  /**
   * Adds to what a key owes.
   *
   * @param millis less than nothing to pay off
   * @param most more than that nobody owes
   * @return how much it owes now
   */
  long add(long key, long now, long millis, long most) {
    while (true) {
      int at = place(key, now);
      long before = places.get(at);
      long owedBefore = isOf(key, before) ? left(before, now) : 0;
      if (owedBefore == 0 && millis <= 0) {
        return 0;
      }
      long owed = Math.max(0, Math.min(most, owedBefore + millis));
      if (places.compareAndSet(at, before, key << TIME_BITS | now + owed & TIME)) {
        return owed;
      }
    }
  }

  /** For a test of how much there is. */
  AtomicLongArray places() {
    return places;
  }

  /** Returns where a key is, or else the place of the one that owes least. */
  private int place(long key, long now) {
    int first = first(key);
    int leastAt = first;
    long least = Long.MAX_VALUE;
    for (int i = first; i < first + WAYS; i++) {
      long place = places.get(i);
      if (isOf(key, place)) {
        return i;
      }
      long owed = left(place, now);
      if (owed < least) {
        least = owed;
        leastAt = i;
      }
    }
    return leastAt;
  }

  private static int first(long key) {
    return (int) (key >>> TIME_BITS) & SIZE - WAYS;
  }

  /** The lowest bits of a key tell it from others; the highest say where it is. */
  private static boolean isOf(long key, long place) {
    return place >>> TIME_BITS == (key & (1L << Long.SIZE - TIME_BITS) - 1);
  }

  private static long left(long place, long now) {
    return Math.max(0, (place & TIME) - now);
  }
}
