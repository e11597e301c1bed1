package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;

/** Makes a store's tables, or finds out whether they are there and fit. */
final class Opening {
  private static final int FIRST_KEY = 1;

  private final Database database;
  private final KeyRing keys;
  private final Clock clock;

  Opening(Database database, KeyRing keys, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  void create() {
    database.read(
        session -> {
          if (session.engine() == Engine.SQLITE) {
            session.execute("PRAGMA journal_mode = WAL");
          }
          return null;
        });
    database.transact(
        session -> {
          if (Schema.exists(session)) {
            throw new CredentialStoreException(
                Reason.ALREADY_EXISTS, database.name() + " is there already; nothing was changed");
          }
          Schema.create(session);
          keys.makeKey(session, FIRST_KEY, clock.millis());
          return null;
        });
  }

  void open(boolean requireFileMode) {
    boolean outdated =
        database.read(
            session -> {
              if (session.engine() == Engine.SQLITE) {
                checkFile(session, requireFileMode);
              }
              if (!Schema.exists(session)) {
                throw new CredentialStoreException(
                    session.engine() == Engine.SQLITE ? Reason.NOT_A_STORE : Reason.NOT_FOUND,
                    database.name() + " is not a credential store: make one there first");
              }
              return Schema.version(session) != Schema.VERSION;
            });
    if (outdated) {
      database.transact(
          session -> {
            Schema.update(session, database.name());
            return null;
          });
    }
    database.read(
        session -> {
          keys.read(session);
          return null;
        });
  }

  /** Looks at the file that SQLite says it has open, however it was named. */
  private void checkFile(Session session, boolean requireMode) throws SQLException {
    try (ResultSet result = session.prepare("PRAGMA database_list").executeQuery()) {
      while (result.next()) {
        String file = result.getString("file");
        if (file == null || file.isEmpty()) {
          throw new IllegalArgumentException(
              "a store in SQLite is a file: in memory, take InMemoryCredentialStore");
        }
        if (requireMode) {
          PrivateMode.require(Path.of(file));
        }
      }
    }
  }
}
