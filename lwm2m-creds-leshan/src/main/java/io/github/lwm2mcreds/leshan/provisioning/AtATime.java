// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.util.HashMap;
import java.util.Map;

/** How many things each of many may have under way at a time, and all of them together. */
final class AtATime<K> {
  private final int ofOne;
  private final int ofAll;
  private final Map<K, Integer> underWay = new HashMap<>();
  private int total;

  AtATime(int ofOne, int ofAll) {
    this.ofOne = ofOne;
    this.ofAll = ofAll;
  }

  /** Begins a thing if there is room; whoever has begun one ends it. */
  synchronized boolean begin(K who) {
    if (total >= ofAll || underWay.getOrDefault(who, 0) >= ofOne) {
      return false;
    }
    total++;
    underWay.merge(who, 1, Integer::sum);
    return true;
  }

  synchronized void end(K who) {
    total--;
    underWay.computeIfPresent(who, (k, number) -> number == 1 ? null : number - 1);
  }
}
