// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.function.Function;

/**
 * Finds idle connections by one of the things they have. A table of these alone takes a fifth of
 * the memory that a map with its keys and entries takes. Not safe for use by several threads.
 *
 * @param <K> what they are found by; each has another
 */
final class IdleIndex<K> {
  private static final int SMALLEST = 16;
  private static final int LARGEST = 1 << 28; // made room for at once; it may grow beyond
  private static final int SPREAD = 0x9e3779b1; // the golden ratio, so that near hashes lie apart

  private final Function<IdleConnection, K> keys;
  private IdleConnection[] slots = new IdleConnection[SMALLEST];
  private int size;

  IdleIndex(Function<IdleConnection, K> keys) {
    this.keys = keys;
  }

  /** Makes room for some more at once. */
  void expect(int more) {
    int needed = Math.min(2 * (size + more), LARGEST);
    if (needed > slots.length) {
      resize(Math.max(SMALLEST, Integer.highestOneBit(needed - 1) << 1));
    }
  }

  /** Returns the one with a key, or null. */
  IdleConnection get(K key) {
    return key == null ? null : slots[slotOf(key)];
  }

  /** Returns the slot of a key, or the free one where it would be. */
  private int slotOf(K key) {
    int slot = home(key);
    while (slots[slot] != null && !key.equals(keys.apply(slots[slot]))) {
      slot = next(slot);
    }
    return slot;
  }

  private int home(K key) {
    int hash = key.hashCode() * SPREAD;
    return hash >>> Integer.numberOfLeadingZeros(slots.length - 1);
  }

  private int next(int slot) {
    return slot + 1 & slots.length - 1;
  }

  /** Adds one in place of another with its key; none without a key. */
  void put(IdleConnection added) {
    K key = keys.apply(added);
    if (key == null) {
      return;
    }
    if (2 * (size + 1) > slots.length) {
      resize(2 * slots.length);
    }
    int slot = slotOf(key);
    size += slots[slot] == null ? 1 : 0;
    slots[slot] = added;
  }

  /** Removes one if it is there itself, and not another with its key. */
  void remove(IdleConnection removed) {
    K key = keys.apply(removed);
    if (key == null) {
      return;
    }
    int free = slotOf(key);
    if (slots[free] != removed) {
      return;
    }
    size--;
    slots[free] = null;
    for (int slot = next(free); slots[slot] != null; slot = next(slot)) {
      int distance = slot - home(keys.apply(slots[slot])) & slots.length - 1;
      int gap = slot - free & slots.length - 1;
      if (distance >= gap) { // or it would not be found behind a free slot
        slots[free] = slots[slot];
        slots[slot] = null;
        free = slot;
      }
    }
    if (slots.length > SMALLEST && 8 * size < slots.length) {
      resize(slots.length / 2);
    }
  }

  private void resize(int length) {
    IdleConnection[] before = slots;
    slots = new IdleConnection[length];
    for (IdleConnection moved : before) {
      if (moved != null) {
        slots[slotOf(keys.apply(moved))] = moved;
      }
    }
  }

  int size() {
    return size;
  }
}
