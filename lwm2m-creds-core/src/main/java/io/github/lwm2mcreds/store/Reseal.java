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
  private record Page(int size, int unopened, byte[] last) {}

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
    transact(this::begin);
    long done = 0;
    long unopened = 0;
    byte[] last = new byte[0];
    Page page;
    do {
      byte[] after = last;
      page = transact(transaction -> reseal(transaction, after));
      done += page.size;
      unopened += page.unopened;
      last = page.last;
      progress.accept(done);
    } while (page.size == Pages.SIZE);
    boolean complete = unopened == 0;
    transact(
        transaction -> {
          if (complete) {
            keys.deleteOthers(transaction);
          }
          transaction.log(Action.RESEALED, new byte[0], null, null, "");
          return null;
        });
    return unopened;
  }

  /** Makes a new key, unless a pass was interrupted whose key is there. */
  private Void begin(Transaction transaction) throws SQLException {
    Session session = transaction.session();
    try (ResultSet result =
        session.prepare("SELECT count(*), max(key_id) FROM lwm2m_creds_key").executeQuery()) {
      result.next();
      if (result.getInt(1) == 1) {
        keys.makeKey(session, result.getInt(2) + 1, transaction.now());
      }
    }
    return null;
  }

  private Page reseal(Transaction transaction, byte[] after) throws SQLException {
    CredentialRows rows = new CredentialRows(transaction.session());
    List<CredentialRow> page = rows.anyAfter(after, Pages.SIZE);
    List<CredentialRow> resealed = new ArrayList<>();
    int unopened = 0;
    for (CredentialRow row : page) {
      if (KeySealer.keyId(row.sealed()) == transaction.activeKey()) {
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
        page.size(), unopened, page.isEmpty() ? after : page.get(page.size() - 1).identity());
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
