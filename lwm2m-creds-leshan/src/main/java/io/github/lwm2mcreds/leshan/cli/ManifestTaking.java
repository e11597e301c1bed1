// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestProblem;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestReceipt;
import io.github.lwm2mcreds.manifest.ManifestReceipt.NotTaken;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out which devices of a manifest a store holds with the same identity and key. */
final class ManifestTaking {
  private final JdbcCredentialStore store;
  private final List<NotTaken> notTaken = new ArrayList<>();
  private long taken;

  ManifestTaking(JdbcCredentialStore store) {
    this.store = store;
  }

  void takeAll(ManifestReader reader) throws IOException {
    for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      if (next.get() instanceof ManifestRow row) {
        take(row);
        row.destroy();
      } else if (next.get() instanceof ManifestProblem problem) {
        notTaken.add(NotTaken.of(problem));
      }
    }
  }

  private void take(ManifestRow row) {
    Optional<DeviceCredential> held = StoredCredential.open(store, row.endpoint());
    if (held.equals(row.credential())) {
      taken++;
    } else if (held.isPresent()) {
      refuse(row, "OTHER_CREDENTIAL", "the store has another identity or key for the device");
    } else if (store.findPskIdentity(row.endpoint()).isPresent()) {
      refuse(row, "UNOPENED", "the store's key for the device does not open");
    } else if (store.findRevocation(row.endpoint()).isPresent()) {
      refuse(row, "REVOKED", "the device was revoked");
    } else {
      refuse(row, "NOT_IN_STORE", "the store does not have the device");
    }
    held.ifPresent(DeviceCredential::destroy);
  }

  private void refuse(ManifestRow row, String reason, String message) {
    notTaken.add(new NotTaken(row.line(), Optional.of(row.endpoint()), reason, message));
  }

  ManifestReceipt receipt(Lot lot) {
    return new ManifestReceipt(lot, Instant.now().truncatedTo(ChronoUnit.SECONDS), taken, notTaken);
  }
}
