// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.PskIdentity;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A short memory of identities that were asked for in vain, of a fixed size: what a flood brings
 * replaces what it brought before.
 */
final class UnknownIdentities {
  private static final int LENGTH = 1 << 12;

  private record Entry(PskIdentity identity, long since) {}

  private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(LENGTH);
  private final long nanos;

  UnknownIdentities(long nanos) {
    this.nanos = nanos;
  }

  void add(PskIdentity identity, long now) {
    entries.set(index(identity), new Entry(identity, now));
  }

  boolean contains(PskIdentity identity, long now) {
    Entry entry = entries.get(index(identity));
    return entry != null && now - entry.since < nanos && entry.identity.equals(identity);
  }

  private static int index(PskIdentity identity) {
    int hash = identity.hashCode();
    return (hash ^ hash >>> 16) & LENGTH - 1;
  }
}
