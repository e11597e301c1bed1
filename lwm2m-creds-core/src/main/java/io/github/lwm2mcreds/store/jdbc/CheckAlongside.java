// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Looks for damage in a store while it is read: of an SQLite file, on another connection and
 * thread, since that takes as long as the reading. Both see what the store is at the same moment,
 * or the check is done first, on the same connection.
 */
final class CheckAlongside {
  /** Reads from a session. */
  interface Reading<T> {
    T read() throws SQLException;
  }

  private CheckAlongside() {}

  /**
   * Reads and checks a store.
   *
   * @param session in a transaction that has read nothing yet
   * @param first what is read before the check may fail, and makes the moment
   * @param reading what is read at the same moment; its failure gives way to the check's
   */
  static <T> T run(Database database, JdbcSession session, Reading<?> first, Reading<T> reading)
      throws SQLException {
    JdbcSession other = database.takeAnother();
    if (other == null) {
      return inTurn(database, session, first, reading);
    }
    boolean fit = false;
    try {
      T result =
          isSameMoment(other, first)
              ? alongside(database, other, reading)
              : inTurn(database, session, () -> null, reading);
      other.transactions().rollback();
      fit = true;
      return result;
    } finally {
      database.end(other, fit);
    }
  }

  private static <T> T inTurn(
      Database database, JdbcSession session, Reading<?> first, Reading<T> reading)
      throws SQLException {
    first.read();
    StoreCheck.requireSound(session, database.name());
    return reading.read();
  }

  /**
   * Begins a transaction on another session, and finds out whether it sees what a reading sees that
   * is done meanwhile: if nobody has committed a change between the moments just before that and
   * just after it.
   */
  static boolean isSameMoment(JdbcSession other, Reading<?> reading) throws SQLException {
    long before = other.number(SqliteTransactions.DATA_VERSION);
    reading.read();
    other.transactions().begin(Transactions.Purpose.SNAPSHOT);
    return other.number(SqliteTransactions.DATA_VERSION) == before;
  }

  private static <T> T alongside(Database database, JdbcSession other, Reading<T> reading)
      throws SQLException {
    FutureTask<Void> check =
        new FutureTask<>(
            () -> {
              StoreCheck.requireSound(other, database.name());
              return null;
            });
    Thread thread = new Thread(check, "lwm2m-creds-check");
    thread.setDaemon(true);
    thread.start();
    T result;
    try {
      result = reading.read();
    } catch (SQLException | RuntimeException | Error e) {
      requireDone(check); // which tells more, if it fails, too
      throw e;
    }
    requireDone(check);
    return result;
  }

  /** Waits for the check, whoever interrupts: its session is not to be used by two threads. */
  static void requireDone(FutureTask<Void> check) throws SQLException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          check.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns a failure that is checked, and throws others. */
  private static SQLException failure(Throwable cause) {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return (SQLException) cause; // the check throws no other
  }
}
