// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Cause;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a store's audit trail says about entries of a server that the store has no more. */
final class SyncHistory {
  private SyncHistory() {}

  /**
   * Returns for each entry whether the store once had it. Reads the audit trail only if there is
   * something to look for.
   */
  static Map<String, Cause> of(ManagedCredentialStore store, List<SyncStep> unknown) {
    Map<String, SyncStep> wanted = new HashMap<>();
    Map<String, Cause> causes = new HashMap<>();
    for (SyncStep step : unknown) {
      wanted.put(step.endpoint(), step);
      causes.put(step.endpoint(), Cause.UNKNOWN);
    }
    if (wanted.isEmpty()) {
      return causes;
    }
    try (Stream<AuditEntry> entries = store.audit(0)) {
      Iterator<AuditEntry> each = entries.iterator();
      while (each.hasNext()) {
        AuditEntry entry = each.next();
        SyncStep step = wanted.get(entry.endpoint());
        if (step != null) {
          Cause cause = isOf(entry, step) ? Cause.REMOVED : Cause.UNKNOWN_CREDENTIAL;
          causes.merge(step.endpoint(), cause, (a, b) -> a == Cause.REMOVED ? a : b);
        }
      }
    }
    return causes;
  }

  private static boolean isOf(AuditEntry entry, SyncStep step) {
    return entry.checkValue().isPresent()
        && entry.checkValue().equals(step.checkValue().map(KeyCheckValue::toString))
        && entry.pskIdentity().equals(step.pskIdentity());
  }
}
