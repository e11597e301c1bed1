package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Looks at all of a store for what is wrong with it, and changes nothing. */
final class StoreCheck {
  private final Database database;
  private final KeyRing keys;

  StoreCheck(Database database, KeyRing keys) {
    this.database = database;
    this.keys = keys;
  }

  long run(Consumer<StoreFinding> findings, LongConsumer progress) {
    database.read(
        session -> {
          if (session.engine() == Engine.SQLITE) {
            checkFile(session, findings);
          }
          return null;
        });
    long done = 0;
    byte[] last = new byte[0];
    List<CredentialRow> page;
    do {
      byte[] after = last;
      page =
          database.read(
              session -> {
                List<CredentialRow> rows = new CredentialRows(session).anyAfter(after, Pages.SIZE);
                for (CredentialRow row : rows) {
                  check(session, row, findings);
                }
                return rows;
              });
      done += page.size();
      last = page.isEmpty() ? last : page.get(page.size() - 1).identity();
      progress.accept(done);
    } while (page.size() == Pages.SIZE);
    database.read(
        session -> {
          checkCounts(session, findings);
          return null;
        });
    return done;
  }

  private void check(Session session, CredentialRow row, Consumer<StoreFinding> findings)
      throws SQLException {
    try {
      keys.open(session, row).destroy();
    } catch (CredentialStoreException e) {
      if (e.reason() != Reason.CORRUPT && e.reason() != Reason.WRONG_KEY) {
        throw e;
      }
      findings.accept(new StoreFinding(new String(row.endpoint(), UTF_8), e.getMessage()));
    }
  }

  /** Refuses a store whose file is damaged, as far as SQLite can tell. */
  static void requireSound(Session session, String store) throws SQLException {
    if (session.engine() == Engine.SQLITE) {
      checkFile(
          session,
          finding -> {
            throw new CredentialStoreException(
                Reason.CORRUPT,
                store
                    + ": "
                    + finding.problem()
                    + ": restore it from a backup; the check tells more");
          });
    }
  }

  private static void checkFile(Session session, Consumer<StoreFinding> findings)
      throws SQLException {
    try (ResultSet result = session.prepare("PRAGMA integrity_check").executeQuery()) {
      while (result.next()) {
        String problem = result.getString(1);
        if (!problem.equals("ok")) {
          findings.accept(new StoreFinding("", "the file is damaged: " + problem));
        }
      }
    }
  }

  /** Compares, at one moment, the credentials there are with those there should be. */
  private static void checkCounts(Session session, Consumer<StoreFinding> findings)
      throws SQLException {
    try (ResultSet result =
        session
            .prepare(
                "SELECT s.endpoints, s.next_credentials,"
                    + " (SELECT count(*) FROM lwm2m_creds_credential WHERE role = 0),"
                    + " (SELECT count(*) FROM lwm2m_creds_credential WHERE role = 1)"
                    + " FROM lwm2m_creds_state s WHERE s.id = 1")
            .executeQuery()) {
      result.next();
      if (result.getLong(1) != result.getLong(3) || result.getLong(2) != result.getLong(4)) {
        findings.accept(
            new StoreFinding(
                "",
                "there are "
                    + result.getLong(3)
                    + " credentials and "
                    + result.getLong(4)
                    + " next ones; there should be "
                    + result.getLong(1)
                    + " and "
                    + result.getLong(2)));
      }
    }
  }
}
