// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many calls each of many may make: so many at once, and so many a second from then on. Whoever
 * has been quiet for longest is forgotten when there are too many.
 */
final class Allowance<K> {
  private static final double NANOS = 1e9;

  private final double atOnce;
  private final double perSecond;
  private final LongSupplier nanoTime;
  private final Map<K, Left> left;

  private static final class Left {
    private double calls;
    private long since;
  }

  /**
   * Makes an allowance that nobody has used.
   *
   * @param max how many are remembered
   */
  Allowance(double atOnce, double perSecond, int max, LongSupplier nanoTime) {
    this.atOnce = atOnce;
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.left =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Left> eldest) {
            return size() > max;
          }
        };
  }

  /** Takes a call, if one is left. */
  synchronized boolean take(K who) {
    long now = nanoTime.getAsLong();
    Left of = left.computeIfAbsent(who, k -> full(now));
    of.calls = Math.min(atOnce, of.calls + (now - of.since) / NANOS * perSecond);
    of.since = now;
    if (of.calls < 1) {
      return false;
    }
    of.calls--;
    return true;
  }

  private Left full(long now) {
    Left of = new Left();
    of.calls = atOnce;
    of.since = now;
    return of;
  }

  /** Returns how many are remembered. */
  synchronized int remembered() {
    return left.size();
  }
}
