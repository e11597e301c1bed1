// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.seal.KeyRing;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Seals a store anew under a new key, a page at a time. As all new rows are sealed by the new key
 * from the first transaction on, one pass finds all others.
 */
final class Reseal {
  private record Page(int size, int resealed, int unopened, byte[] last) {}

  private record Pass(long resealed, long unopened) {}

  private final Database database;
  private final SealingKeys keys;
  private final String actor;
  private final Clock clock;

  Reseal(Database database, SealingKeys keys, String actor, Clock clock) {
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
          SealingKeys.deleteUnused(transaction);
          transaction.log(Action.RESEALED, "", Optional.empty(), Optional.empty(), "");
          return null;
        });
    return pass.unopened;
  }

  /** Makes a new key if there is only one; returns whether it did. */
  private boolean begin(Transaction transaction) throws SQLException {
    return new KeyTable(transaction.session()).count() == 1 && makeKey(transaction);
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
    CredentialTable rows = new CredentialTable(transaction.session());
    List<SealedCredential> page = rows.anyAfter(after, Pages.SIZE);
    List<SealedCredential> resealed = new ArrayList<>();
    int unopened = 0;
    for (SealedCredential row : page) {
      if (KeyRing.isSealedBy(row, transaction.activeKey())) {
        continue;
      }
      Optional<PreSharedKey> psk = keys.tryOpen(transaction.session(), row);
      if (psk.isEmpty()) {
        unopened++;
        continue;
      }
      try {
        resealed.add(
            keys.seal(transaction, row.endpoint(), row.pskIdentity(), row.role(), psk.get()));
      } finally {
        psk.get().destroy();
      }
    }
    rows.reseal(resealed);
    return new Page(
        page.size(),
        resealed.size(),
        unopened,
        page.isEmpty() ? after : page.get(page.size() - 1).pskIdentity().toBytes());
  }

  private interface Step<T> {
    T take(Transaction transaction) throws SQLException;
  }

  private <T> T transact(Step<T> step) {
    return database.transact(
        session -> {
          Transaction transaction = Transaction.begin(session, actor, clock.instant());
          T result = step.take(transaction);
          transaction.end();
          return result;
        });
  }
}
