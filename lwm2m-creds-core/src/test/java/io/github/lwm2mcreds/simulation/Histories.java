// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.simulation;

import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All histories that a database ever had, the lost ones among them. */
final class Histories {
  private final InMemoryEngine database;
  private final Map<HistoryHash, HistoryHash> before = new HashMap<>();
  private final HistoryHash beginning;

  /** Begins with a database that is empty. */
  Histories(InMemoryEngine database) {
    this.database = database;
    this.beginning = end();
  }

  boolean isBeginning(HistoryHash hash) {
    return beginning.equals(hash);
  }

  /** Remembers the present history; to be called before any of it can be lost. */
  void remember() {
    HistoryHash last = null;
    for (AuditEntry entry : database.audit(0).toList()) {
      before.put(entry.hash(), last);
      last = entry.hash();
    }
  }

  /** The hashes of the present history. */
  Set<HistoryHash> present() {
    List<HistoryHash> hashes = database.audit(0).map(AuditEntry::hash).toList();
    return new HashSet<>(hashes);
  }

  HistoryHash end() {
    return database.load(Optional.empty(), credential -> {}).position().hash();
  }

  /** Whether a history that ends with one change goes through another. */
  boolean goesThrough(HistoryHash end, HistoryHash hash) {
    for (HistoryHash at = end; at != null; at = before.get(at)) {
      if (at.equals(hash)) {
        return true;
      }
    }
    return false;
  }
}
