// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * An open hash table with linear probing, of 64-bit slots: the 32-bit hash of a key, and the 32-bit
 * reference to its record. Slots are written with release and read with acquire semantics, by one
 * writer and any readers.
 */
final class Slots {
  /** A slot that was never used, which ends a search. */
  static final long EMPTY = 0;

  /** A slot used no longer, which a search passes by; reference 0 is no record's. */
  private static final long TOMBSTONE = 1L << 32;

  private static final int MIN_LENGTH = 64;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED = new SecureRandom().nextLong();

  private final long[] slots;
  private int used; // of the writer only; tombstones count

  Slots() {
    this(MIN_LENGTH);
  }

  private Slots(int length) {
    slots = new long[length];
  }

  static int hash(byte[] key) {
    long hash = SEED ^ key.length;
    int i = 0;
    for (; i + Long.BYTES <= key.length; i += Long.BYTES) {
      hash = mix(hash ^ (long) LONG.get(key, i));
    }
    long tail = 0;
    for (; i < key.length; i++) {
      tail = tail << 8 | key[i] & 0xff;
    }
    return (int) mix(hash ^ tail);
  }

  /** Spreads each bit of the input over all of the output; MurmurHash3's finalizer. */
  private static long mix(long x) {
    long y = (x ^ x >>> 33) * 0xff51afd7ed558ccdL;
    y = (y ^ y >>> 33) * 0xc4ceb9fe1a85ec53L;
    return y ^ y >>> 33;
  }

  int length() {
    return slots.length;
  }

  /** Where the search for a hash begins. */
  int first(int hash) {
    return hash & slots.length - 1;
  }

  int next(int index) {
    return index + 1 & slots.length - 1;
  }

  long get(int index) {
    return (long) SLOT.getAcquire(slots, index);
  }

  static int ref(long slot) {
    return (int) slot;
  }

  /** Whether a slot leads to a record by a key with this hash. */
  static boolean leadsBy(int hash, long slot) {
    return (int) (slot >>> 32) == hash && ref(slot) != 0;
  }

  /** The slot that leads by a hash to a record, or -1. */
  int indexOf(int hash, int ref) {
    for (int i = first(hash); ; i = next(i)) {
      long slot = get(i);
      if (slot == EMPTY) {
        return -1;
      }
      if (ref(slot) == ref && leadsBy(hash, slot)) {
        return i;
      }
    }
  }

  void insert(int hash, int ref) {
    int index = first(hash);
    while (slots[index] != EMPTY) {
      index = next(index);
    }
    set(index, hash, ref);
    used++;
  }

  void replace(int hash, int oldRef, int newRef) {
    set(indexOf(hash, oldRef), hash, newRef);
  }

  void remove(int hash, int ref) {
    SLOT.setRelease(slots, indexOf(hash, ref), TOMBSTONE);
  }

  private void set(int index, int hash, int ref) {
    SLOT.setRelease(slots, index, (long) hash << 32 | ref & 0xffffffffL);
  }

  /** Whether fewer than a third would be empty after two more insertions. */
  boolean isCrowded() {
    return (used + 2L) * 3 > slots.length * 2L;
  }

  /** A copy without tombstones, a third to half full where this one was crowded with live slots. */
  Slots rehashed() {
    int live = 0;
    for (long slot : slots) {
      live += ref(slot) == 0 ? 0 : 1;
    }
    int length = MIN_LENGTH;
    while ((live + 2L) * 2 > length) {
      length = Math.multiplyExact(length, 2);
    }
    Slots copy = new Slots(length);
    for (long slot : slots) {
      if (ref(slot) != 0) {
        copy.insert((int) (slot >>> 32), ref(slot));
      }
    }
    return copy;
  }
}
