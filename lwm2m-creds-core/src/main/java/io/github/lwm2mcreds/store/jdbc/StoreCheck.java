// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Looks at all of a store for what is wrong with it, and changes nothing. */
final class StoreCheck {
  private final Database database;
  private final SealingKeys keys;

  StoreCheck(Database database, SealingKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  long run(Consumer<StoreFinding> findings, LongConsumer progress) {
    database.read(
        session -> {
          checkFile(session, findings);
          return null;
        });
    long done =
        CredentialWalk.run(database, (session, row) -> check(session, row, findings), progress);
    database.snapshot(
        session -> {
          checkCounts(session, findings);
          return null;
        });
    new HistoryCheck(database).walk(findings, entries -> {});
    return done;
  }

  private void check(JdbcSession session, SealedCredential row, Consumer<StoreFinding> findings)
      throws SQLException {
    try {
      keys.open(session, row).destroy();
    } catch (CredentialStoreException e) {
      if (!e.isUnopenedKey()) {
        throw e;
      }
      findings.accept(new StoreFinding(row.endpoint(), e.getMessage()));
    }
  }

  /**
   * Refuses a store that is damaged, as far as can be told without opening every key; in a snapshot
   * of the caller.
   */
  static void requireSound(JdbcSession session, String store) throws SQLException {
    Consumer<StoreFinding> refusal =
        finding -> {
          throw new CredentialStoreException(
              Reason.CORRUPT,
              store
                  + " is damaged: "
                  + finding.problem()
                  + "; restore it from a backup; the check tells more");
        };
    checkFile(session, refusal);
    checkCounts(session, refusal);
  }

  private static void checkFile(JdbcSession session, Consumer<StoreFinding> findings)
      throws SQLException {
    if (session.kind() != DatabaseKind.SQLITE) {
      return;
    }
    JdbcSession.rows(session.prepare("PRAGMA integrity_check"), result -> result.getString(1))
        .stream()
        .filter(problem -> !problem.equals("ok"))
        .forEach(
            problem -> findings.accept(new StoreFinding("", "the file is damaged: " + problem)));
  }

  /** Compares, at one moment, what there is with what there should be. */
  private static void checkCounts(JdbcSession session, Consumer<StoreFinding> findings)
      throws SQLException {
    StateTable.State state = new StateTable(session).read();
    CredentialTable credentials = new CredentialTable(session);
    compare("credentials", state.endpoints(), credentials.count(Role.CURRENT), findings);
    compare("next credentials", state.nextCredentials(), credentials.count(Role.NEXT), findings);
    compare("rotations", state.nextCredentials(), new RotationTable(session).count(), findings);
    compare("revocations", state.revocations(), new RevocationTable(session).count(), findings);
    compare("log entries", state.lastChange(), new AuditTable(session).last(), findings);
  }

  private static void compare(
      String what, long expected, long found, Consumer<StoreFinding> findings) {
    if (found != expected) {
      findings.accept(
          new StoreFinding(
              "", what + ": there should be " + expected + ", and there are " + found));
    }
  }
}
