// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The endpoints whose registrations are still to be ended, which no store remembers. */
final class PendingEnds {
  private final Set<String> endpoints = ConcurrentHashMap.newKeySet();
  private final Consumer<String> end;

  PendingEnds(Consumer<String> end) {
    this.end = end;
  }

  void add(String endpoint) {
    endpoints.add(endpoint);
  }

  /** Ends the registration of an endpoint if that is still to be done; if it fails, it stays so. */
  void end(String endpoint) {
    if (endpoints.remove(endpoint)) { // first, as it may be added once more meanwhile
      boolean ended = false;
      try {
        end.accept(endpoint);
        ended = true;
      } finally {
        if (!ended) {
          endpoints.add(endpoint);
        }
      }
    }
  }

  /** Tries to end all, and throws afterwards what failed. */
  void endAll() {
    Failures failures = new Failures();
    List.copyOf(endpoints).forEach(endpoint -> failures.collect(() -> end(endpoint)));
    failures.rethrow();
  }
}
