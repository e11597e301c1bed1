// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts by the values of an enum. Counting waits for nobody and allocates nothing. */
final class Counts<E extends Enum<E>> {
  private final Map<E, LongAdder> adders;

  Counts(Class<E> type) {
    adders = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      adders.put(value, new LongAdder());
    }
  }

  void count(E value) {
    adders.get(value).increment();
  }

  long of(E value) {
    return adders.get(value).sum();
  }
}
