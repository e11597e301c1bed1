// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;

/** Makes a store's tables, or finds out whether they are there and fit. */
final class Opening {
  private final Database database;
  private final SealingKeys keys;
  private final Clock clock;

  Opening(Database database, SealingKeys keys, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  void create(boolean requireFileMode) {
    database.read(
        session -> {
          requireNothing(session);
          if (session.kind() == DatabaseKind.SQLITE) {
            checkFile(session, requireFileMode);
            session.execute("PRAGMA journal_mode = WAL");
          }
          return null;
        });
    database.transact(
        session -> {
          requireNothing(session);
          Schema.create(session);
          keys.makeKey(session, clock.instant());
          return null;
        });
  }

  /** Finds out whether a store can be made, without writing anything. */
  void checkNothing() {
    database.read(
        session -> {
          requireNothing(session);
          return null;
        });
  }

  /** Other tables may stand beside a store in PostgreSQL; a file is a store's own. */
  private void requireNothing(JdbcSession session) throws SQLException {
    if (Schema.exists(session)) {
      throw new CredentialStoreException(
          Reason.ALREADY_EXISTS, database.name() + " is there already; nothing was changed");
    }
    if (session.kind() == DatabaseKind.SQLITE && !Schema.isEmpty(session)) {
      throw new CredentialStoreException(
          Reason.ALREADY_EXISTS,
          database.name() + " is another database already; nothing was changed");
    }
  }

  /** Finds out whether the store can be used, without writing anything. */
  void check(boolean requireFileMode) {
    database.read(
        session -> {
          if (session.kind() == DatabaseKind.SQLITE) {
            checkFile(session, requireFileMode);
          }
          requireStore(session);
          Schema.knownVersion(session, database.name());
          keys.read(session);
          return null;
        });
  }

  /** Looks at all of a store. */
  void checkAll() {
    database.snapshot(
        session -> {
          StoreCheck.requireSound(session, database.name());
          return null;
        });
  }

  private void requireStore(JdbcSession session) throws SQLException {
    // In this order, or a store that is made in between would look like another database.
    boolean another = session.kind() == DatabaseKind.SQLITE && !Schema.isEmpty(session);
    if (Schema.exists(session)) {
      return;
    }
    if (another) {
      throw new CredentialStoreException(
          Reason.NOT_A_STORE, database.name() + " is another database, and no credential store");
    }
    throw new CredentialStoreException(
        Reason.NOT_FOUND, database.name() + " holds no credential store yet: make one there first");
  }

  /** Brings the store up to date. */
  void update() {
    int version = database.read(session -> Schema.knownVersion(session, database.name()));
    if (version == Schema.VERSION) {
      return;
    }
    try {
      database.transact(
          session -> {
            Schema.update(session, database.name());
            return null;
          });
    } catch (CredentialStoreException e) {
      if (e.reason() != Reason.NOT_ALLOWED && e.reason() != Reason.READ_ONLY) {
        throw e;
      }
      throw new CredentialStoreException(
          e.reason(),
          database.name()
              + " is of an older release: open it once with the right to alter its tables, which"
              + " brings it up to date",
          e);
    }
  }

  /** Looks at the file that SQLite says it has open, however it was named. */
  private void checkFile(JdbcSession session, boolean requireMode) throws SQLException {
    try (ResultSet result = session.prepare("PRAGMA database_list").executeQuery()) {
      while (result.next()) {
        if ("temp".equals(result.getString("name"))) {
          continue; // has no file, and is there once something was altered
        }
        String file = result.getString("file");
        if (file == null || file.isEmpty()) {
          throw new IllegalArgumentException(
              "a store in SQLite is a file: in memory, take InMemoryCredentialStore");
        }
        if (requireMode) {
          SqliteFile.requirePrivate(Path.of(file));
        }
      }
    }
  }
}
