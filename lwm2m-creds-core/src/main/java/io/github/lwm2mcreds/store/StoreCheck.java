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
  private static final List<String> COUNTED =
      List.of("credentials", "next credentials", "rotations", "revocations", "log entries");

  /** Of each of these, how many there should be, and how many there are. */
  private static final String COUNTS =
      "SELECT s.endpoints,"
          + " (SELECT count(*) FROM lwm2m_creds_credential WHERE role = 0),"
          + " s.next_credentials,"
          + " (SELECT count(*) FROM lwm2m_creds_credential WHERE role = 1),"
          + " s.next_credentials,"
          + " (SELECT count(*) FROM lwm2m_creds_rotation r"
          + " WHERE EXISTS (SELECT 1 FROM lwm2m_creds_credential c"
          + " WHERE c.endpoint = r.endpoint AND c.role = 1)),"
          + " s.revocations,"
          + " (SELECT count(*) FROM lwm2m_creds_revocation"
          + " WHERE kind IN (0, 1) AND length(name) > 0),"
          + " s.last_change,"
          + " (SELECT max(number) FROM lwm2m_creds_audit)"
          + " FROM lwm2m_creds_state s WHERE s.id = 1";

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

  /** Refuses a store that is damaged, as far as can be told without opening every key. */
  static void requireSound(Session session, String store) throws SQLException {
    Consumer<StoreFinding> refusal =
        finding -> {
          throw new CredentialStoreException(
              Reason.CORRUPT,
              store
                  + " is damaged: "
                  + finding.problem()
                  + "; restore it from a backup; the check tells more");
        };
    if (session.engine() == Engine.SQLITE) {
      checkFile(session, refusal);
    }
    checkCounts(session, refusal);
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

  /** Compares, at one moment, what there is with what there should be. */
  private static void checkCounts(Session session, Consumer<StoreFinding> findings)
      throws SQLException {
    try (ResultSet result = session.prepare(COUNTS).executeQuery()) {
      if (!result.next()) {
        findings.accept(new StoreFinding("", "the store's state is missing"));
        return;
      }
      for (int i = 0; i < COUNTED.size(); i++) {
        long expected = result.getLong(2 * i + 1);
        long found = result.getLong(2 * i + 2);
        if (found != expected) {
          findings.accept(
              new StoreFinding(
                  "", COUNTED.get(i) + ": there should be " + expected + ", and are " + found));
        }
      }
    }
  }
}
