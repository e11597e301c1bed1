// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.metrics;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds since when a store has its oldest key, in the store's history: that is the first change
 * that gave a device a key that it still has. A key that is gone does not come back, so each search
 * goes on where the last one ended, and usually reads one page of the history. One thread at a
 * time.
 */
final class OldestKey {
  private final ManagedCredentialStore store;

  /** The change that was found last; null if there was none. */
  private AuditEntry found;

  OldestKey(ManagedCredentialStore store) {
    this.store = store;
  }

  /** Finds it; empty if the store holds no key. Asks the database. */
  Optional<Instant> find() {
    Optional<AuditEntry> next = found == null ? first(0) : next();
    found = next.orElse(null);
    return next.map(AuditEntry::time);
  }

  /** From the last one on, if that is still in the history: an older state may be restored. */
  private Optional<AuditEntry> next() {
    long before = found.number() - 1;
    try (Stream<AuditEntry> rest = store.audit(before)) {
      Iterator<AuditEntry> entries = rest.iterator();
      if (entries.hasNext()) {
        AuditEntry last = entries.next();
        if (last.hash().equals(found.hash())) {
          return isInUse(last) ? Optional.of(last) : first(last.number());
        }
      }
    }
    return first(0);
  }

  private Optional<AuditEntry> first(long after) {
    try (Stream<AuditEntry> entries = store.audit(after)) {
      return entries.filter(this::isInUse).findFirst();
    }
  }

  /** Whether a change gave a device a key that it has. One that does not open may be any. */
  private boolean isInUse(AuditEntry entry) {
    return switch (entry.action()) {
      case ADDED, ROTATION_STARTED ->
          entry.pskIdentity().filter(identity -> isInUse(entry, identity)).isPresent();
      case REPLACED, REMOVED, REVOKED, REINSTATED, ROTATED, RESEALED -> false;
    };
  }

  private boolean isInUse(AuditEntry entry, PskIdentity identity) {
    Optional<String> owner = store.findEndpoint(identity);
    if (owner.isEmpty() || !owner.get().equals(entry.endpoint())) {
      return false;
    }
    Optional<String> now = store.findCheckValue(identity).map(Object::toString);
    return now.isEmpty() || entry.checkValue().isEmpty() || now.equals(entry.checkValue());
  }
}
