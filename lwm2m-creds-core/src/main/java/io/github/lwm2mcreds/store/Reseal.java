package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Gives a store a new key, and seals everything anew under it, a page at a time. As all new rows
 * are sealed by the new key from the first transaction on, one pass finds all others.
 */
final class Reseal {
  private record Page(int size, int resealed, int unopened, byte[] last) {}

  private record Pass(long resealed, long unopened) {}

  private final Database database;
  private final KeyRing keys;
  private final String actor;
  private final Clock clock;

  Reseal(Database database, KeyRing keys, String actor, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.actor = actor;
    this.clock = clock;
  }

  long run(LongConsumer progress) {
    boolean resuming = !transact(this::begin);
    Pass pass = pass(progress);
    if (resuming && pass.resealed == 0) {
      transact(this::makeKey); // nothing was interrupted: keys are left that something claims
      pass = pass(progress);
    }
    transact(
        transaction -> {
          keys.deleteUnused(transaction);
          transaction.log(Action.RESEALED, new byte[0], null, null, "");
          return null;
        });
    return pass.unopened;
  }

  /** Makes a new key if there is one only; tells whether it did. */
  private boolean begin(Transaction transaction) throws SQLException {
    try (ResultSet result =
        transaction.session().prepare("SELECT count(*) FROM lwm2m_creds_key").executeQuery()) {
      result.next();
      return result.getInt(1) == 1 && makeKey(transaction);
    }
  }

  private boolean makeKey(Transaction transaction) throws SQLException {
    keys.makeKey(transaction.session(), transaction.now());
    return true;
  }

  /** Seals everything under the active key. */
  private Pass pass(LongConsumer progress) {
    long done = 0;
    long resealed = 0;
    long unopened = 0;
    byte[] last = new byte[0];
    Page page;
    do {
      byte[] after = last;
      page = transact(transaction -> reseal(transaction, after));
      done += page.size;
      resealed += page.resealed;
      unopened += page.unopened;
      last = page.last;
      progress.accept(done);
    } while (page.size == Pages.SIZE);
    return new Pass(resealed, unopened);
  }

  private Page reseal(Transaction transaction, byte[] after) throws SQLException {
    CredentialRows rows = new CredentialRows(transaction.session());
    List<CredentialRow> page = rows.anyAfter(after, Pages.SIZE);
    List<CredentialRow> resealed = new ArrayList<>();
    int unopened = 0;
    for (CredentialRow row : page) {
      if (KeyRing.isSealedBy(transaction.activeKey(), row.sealed())) {
        continue;
      }
      Optional<PreSharedKey> psk = keys.tryOpen(transaction.session(), row);
      if (psk.isEmpty()) {
        unopened++;
        continue;
      }
      byte[] sealed = keys.seal(transaction, row.endpoint(), row.identity(), psk.get());
      psk.get().destroy();
      resealed.add(new CredentialRow(row.endpoint(), row.identity(), row.role(), sealed));
    }
    rows.reseal(resealed);
    return new Page(
        page.size(),
        resealed.size(),
        unopened,
        page.isEmpty() ? after : page.get(page.size() - 1).identity());
  }

  private interface Step<T> {
    T take(Transaction transaction) throws SQLException;
  }

  private <T> T transact(Step<T> step) {
    return database.transact(
        session -> {
          Transaction transaction = Transaction.begin(session, actor, clock.millis());
          T result = step.take(transaction);
          transaction.end();
          return result;
        });
  }
}
