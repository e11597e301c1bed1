package io.github.lwm2mcreds.store;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A short memory of identities that were asked for in vain, of a fixed size: what a flood brings
 * replaces what it brought before.
 */
final class UnknownIdentities {
  private static final int LENGTH = 1 << 12;

  private record Entry(byte[] identity, long since) {}

  private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(LENGTH);
  private final long nanos;

  UnknownIdentities(long nanos) {
    this.nanos = nanos;
  }

  void add(byte[] identity, long now) {
    entries.set(index(identity), new Entry(identity, now));
  }

  boolean contains(byte[] identity, long now) {
    Entry entry = entries.get(index(identity));
    return entry != null && now - entry.since < nanos && Arrays.equals(entry.identity, identity);
  }

  private static int index(byte[] identity) {
    return Slots.hash(identity) & LENGTH - 1;
  }
}
