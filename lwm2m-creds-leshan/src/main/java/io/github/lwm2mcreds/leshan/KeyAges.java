// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.store.AuditEntry;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Since when each endpoint has its key, by a store's history. */
final class KeyAges {
  private final Map<String, Instant> since = new HashMap<>();
  private final Set<String> renewed = new HashSet<>();

  /** Follows the history up to a change. */
  static KeyAges of(Stream<AuditEntry> history, long last) {
    KeyAges ages = new KeyAges();
    try (history) {
      history.takeWhile(entry -> entry.number() <= last).forEach(ages::follow);
    }
    return ages;
  }

  private void follow(AuditEntry entry) {
    String endpoint = entry.endpoint();
    switch (entry.action()) {
      case ADDED -> since.put(endpoint, entry.time());
      case REPLACED -> renewed.add(endpoint);
      case ROTATED -> {
        since.put(endpoint, entry.time());
        renewed.add(endpoint);
      }
      case REMOVED, REVOKED -> {
        since.remove(endpoint);
        renewed.remove(endpoint);
      }
      default -> {
        // changes no key that is in use
      }
    }
  }

  long neverRenewed() {
    return since.keySet().stream().filter(endpoint -> !renewed.contains(endpoint)).count();
  }

  Optional<Instant> oldest() {
    return since.values().stream().min(Instant::compareTo);
  }
}
