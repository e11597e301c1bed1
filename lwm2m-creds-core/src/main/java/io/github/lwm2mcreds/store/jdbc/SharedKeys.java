// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.internal.SeenKeys;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Finds devices of a store that share a key, by opening all keys. Once more if there are any, to
 * name them: so it need not keep the names of all.
 */
final class SharedKeys {
  private final Database database;
  private final SealingKeys keys;
  private final SeenKeys seen = new SeenKeys();
  private final Set<Long> shared = new HashSet<>();
  private final Map<Long, String> firstOf = new HashMap<>();

  SharedKeys(Database database, SealingKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  long run(Consumer<StoreFinding> findings, LongConsumer progress) {
    long done = CredentialWalk.run(database, this::note, progress);
    if (!shared.isEmpty()) {
      CredentialWalk.run(
          database,
          (session, row) -> name(session, row).ifPresent(findings),
          again -> progress.accept(done));
    }
    return done;
  }

  private void note(JdbcSession session, SealedCredential row) throws SQLException {
    Optional<PreSharedKey> key = open(session, row);
    if (key.isPresent()) {
      DeviceCredential credential =
          DeviceCredential.of(row.endpoint(), row.pskIdentity(), key.get());
      if (seen.add(credential, 0).sameKey().isPresent()) {
        shared.add(seen.hash(key.get()));
      }
      credential.destroy();
    }
  }

  /** Returns what to say of a device whose key the first one has, too. */
  private Optional<StoreFinding> name(JdbcSession session, SealedCredential row)
      throws SQLException {
    Optional<PreSharedKey> key = open(session, row);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    long hash = seen.hash(key.get());
    String checkValue = key.get().checkValue().toString();
    key.get().destroy();
    String first = shared.contains(hash) ? firstOf.putIfAbsent(hash, row.endpoint()) : null;
    return first == null || first.equals(row.endpoint())
        ? Optional.empty()
        : Optional.of(
            new StoreFinding(
                row.endpoint(),
                "the key, with the check value "
                    + checkValue
                    + ", is also that of '"
                    + Printable.escape(first)
                    + "'; each device needs a key of its own"));
  }

  /** Leaves out what does not open, which the check reports. */
  private Optional<PreSharedKey> open(JdbcSession session, SealedCredential row)
      throws SQLException {
    try {
      return Optional.of(keys.open(session, row));
    } catch (CredentialStoreException e) {
      if (e.isUnopenedKey()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
