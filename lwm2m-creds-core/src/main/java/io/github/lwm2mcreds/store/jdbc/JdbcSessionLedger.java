// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.SavedSessionsException;
import io.github.lwm2mcreds.store.SavedSessionsException.Reason;
import io.github.lwm2mcreds.store.SessionLedger;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Remembers in the store's database which saved sessions may be loaded. */
final class JdbcSessionLedger implements SessionLedger {
  /** How long a server may be away that comes back with its sessions. */
  private static final Duration REMEMBERED = Duration.ofDays(400);

  private final Database database;
  private final SealingKeys keys;
  private final Clock clock;

  JdbcSessionLedger(Database database, SealingKeys keys, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Term begin() {
    Term first = new Term(UUID.randomUUID(), 1);
    return database.transact(
        session -> {
          SessionTable servers = new SessionTable(session);
          Instant now = clock.instant();
          servers.deleteOlderThan(now.minus(REMEMBERED));
          servers.insert(first, now);
          return first;
        });
  }

  @Override
  public Term take(Saved sessions) {
    return database.transact(
        session -> {
          SessionTable servers = new SessionTable(session);
          Optional<SessionTable.Row> row = servers.lock(sessions.term().server());
          if (row.isEmpty() || !isOfHistory(session, sessions.position())) {
            throw new SavedSessionsException(
                Reason.OTHER_STORE,
                "the sessions were saved with another store, or with a state of this one that a"
                    + " fail-over or a restored backup has undone");
          }
          requireUsable(row.get(), sessions);
          Term next = new Term(sessions.term().server(), sessions.term().number() + 1);
          servers.update(next, sessions, clock.instant());
          return next;
        });
  }

  private static boolean isOfHistory(JdbcSession session, Position position) throws SQLException {
    return ChangeFeed.goesThrough(session, position, new StateTable(session).end());
  }

  private static void requireUsable(SessionTable.Row row, Saved sessions) {
    long term = sessions.term().number();
    if (row.term() > term) {
      throw used(row);
    }
    if (row.term() < term) {
      throw new SavedSessionsException(
          Reason.OTHER_STORE,
          "the sessions are newer than the store, of which an older state was restored");
    }
    if (row.file() > sessions.number()) {
      throw new SavedSessionsException(
          Reason.OLDER,
          "this is a copy of an older file: the server has saved its sessions again, at "
              + row.time());
    }
  }

  private static SavedSessionsException used(SessionTable.Row row) {
    return new SavedSessionsException(
        Reason.USED,
        "the sessions were loaded already, by "
            + row.time()
            + ": to use them again would repeat nonces");
  }

  @Override
  public void record(Saved sessions) {
    database.transact(
        session -> {
          SessionTable servers = new SessionTable(session);
          SessionTable.Row row =
              servers
                  .lock(sessions.term().server())
                  .orElseThrow(
                      () ->
                          new SavedSessionsException(
                              Reason.OTHER_STORE,
                              "the store no longer knows this server: an older state was"
                                  + " restored"));
          if (row.term() != sessions.term().number()) {
            throw used(row);
          }
          if (row.file() < sessions.number()) {
            servers.update(sessions.term(), sessions, clock.instant());
          }
          return null;
        });
  }

  @Override
  public Position position() {
    return database.read(
        session -> {
          keys.read(session);
          return new StateTable(session).end();
        });
  }

  @Override
  public byte[] seal(byte[] context, byte[] key) {
    return keys.ring().sealSecret(context, key);
  }

  @Override
  public byte[] open(byte[] context, byte[] sealed) {
    try {
      return keys.ring().openSecret(context, sealed);
    } catch (CredentialStoreException e) {
      if (e.reason() != CredentialStoreException.Reason.WRONG_KEY) {
        throw e;
      }
      position(); // reads the keys again: another process may have made a new one
      return keys.ring().openSecret(context, sealed);
    }
  }
}
