// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.jdbc.Transactions.Purpose;
import java.sql.SQLException;

/** Runs work on a store's database, and puts what goes wrong into this library's words. */
final class Database {
  /** What is to be done with a session. */
  @FunctionalInterface
  interface Work<T> {
    T run(JdbcSession session) throws SQLException;
  }

  private static final int MAX_ATTEMPTS = 3;

  private final String name;
  private final Connections connections;
  private volatile DatabaseKind kind;
  private volatile boolean closed;

  /**
   * Makes a database.
   *
   * @param name for messages, such as the file's; without password
   */
  Database(String name, Connections connections) {
    this.name = name;
    this.connections = connections;
  }

  String name() {
    return name;
  }

  /** Which database it is; known once it has been used. */
  DatabaseKind kind() {
    return kind;
  }

  /** Reads a little. */
  <T> T read(Work<T> work) {
    return look(Purpose.READING, work);
  }

  /** Reads all that is read as it stands at one moment. */
  <T> T snapshot(Work<T> work) {
    return look(Purpose.SNAPSHOT, work);
  }

  /** Works in a transaction as if something were changed, and rolls it back. */
  <T> T rehearse(Work<T> work) {
    return look(Purpose.WRITING, work);
  }

  private <T> T look(Purpose purpose, Work<T> work) {
    return run(
        session -> {
          T result = attempt(session, purpose, work);
          session.transactions().rollback();
          return result;
        });
  }

  /**
   * Reads or writes in a transaction, which is rolled back if anything is thrown. If it was because
   * of what others did at the same time, the work is done again.
   */
  <T> T transact(Work<T> work) {
    for (int attempts = 1; ; attempts++) {
      try {
        return transactOnce(work);
      } catch (CredentialStoreException e) {
        if (e.reason() != Reason.CONFLICT || attempts == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private <T> T transactOnce(Work<T> work) {
    return run(
        session -> {
          T result = attempt(session, Purpose.WRITING, work);
          commit(session);
          return result;
        });
  }

  /** Uses a connection outside of transactions, for as long as it takes. */
  void hold(Work<Void> work) {
    run(work);
  }

  /** Whether others want the connection that is held. */
  boolean lacksConnections() {
    return connections.areScarce();
  }

  private static <T> T attempt(JdbcSession session, Purpose purpose, Work<T> work)
      throws SQLException {
    try {
      session.transactions().begin(purpose);
      return work.run(session);
    } catch (SQLException | RuntimeException | Error e) {
      rollback(session, e);
      throw e;
    }
  }

  /**
   * Rolls back after a failure, which tells more than that of the rollback: databases roll back by
   * themselves if there is no space left, and refuse to do it again then. Only where the session
   * would be used again, the latter is thrown.
   */
  private static void rollback(JdbcSession session, Throwable failure) throws SQLException {
    try {
      session.transactions().rollback();
    } catch (SQLException e) {
      if (failure instanceof IllegalArgumentException) {
        e.addSuppressed(failure);
        throw e; // the connection goes, and the transaction with it
      }
      failure.addSuppressed(e);
    }
  }

  private void commit(JdbcSession session) throws SQLException {
    try {
      session.transactions().commit();
    } catch (SQLException e) {
      rollback(session, e); // what is still open must not go back to a pool
      if (session.kind().reason(e) == Reason.UNAVAILABLE) {
        throw new CredentialStoreException(
            Reason.UNAVAILABLE,
            name + " was lost while the change was committed: look whether it was made",
            DatabaseKind.withoutData(e));
      }
      throw e;
    }
  }

  private <T> T run(Work<T> work) {
    if (closed) {
      throw new CredentialStoreException(Reason.CLOSED, name + " was closed");
    }
    JdbcSession session = take();
    boolean fit = false;
    try {
      T result = work.run(session);
      fit = true;
      return result;
    } catch (SQLException e) {
      throw failure(session.kind(), e);
    } catch (IllegalArgumentException e) {
      fit = true; // what was asked for is refused, and rolled back
      throw e;
    } finally {
      end(session, fit);
    }
  }

  /**
   * Takes another connection beside the one that is used; null if others might wait for it, or it
   * would help nobody.
   */
  JdbcSession takeAnother() {
    return kind == DatabaseKind.SQLITE && connections.areUnlimited() ? take() : null;
  }

  private JdbcSession take() {
    try {
      JdbcSession session = connections.take();
      kind = session.kind();
      return session;
    } catch (SQLException e) {
      throw unreachable(e);
    }
  }

  /** Ends the use of a connection that was taken. */
  void end(JdbcSession session, boolean fit) {
    try {
      if (fit) {
        connections.giveBack(session);
      } else {
        connections.discard(session);
      }
    } catch (SQLException ignored) {
      // the work is done or has failed already, whatever becomes of the connection
    }
  }

  private CredentialStoreException unreachable(SQLException e) {
    // SQLite's codes are small numbers, and PostgreSQL's driver has none.
    DatabaseKind failing = e.getErrorCode() == 0 ? DatabaseKind.POSTGRESQL : DatabaseKind.SQLITE;
    return failure(failing, e);
  }

  /** Names the right that is missing, if that is what the database's codes may mean. */
  private CredentialStoreException failure(DatabaseKind failing, SQLException e) {
    CredentialStoreException failure = failing.failure(name, e);
    return switch (failure.reason()) {
      case READ_ONLY -> lacking(Reason.READ_ONLY, " may not be written: ", failure);
      case UNAVAILABLE -> lacking(Reason.NOT_ALLOWED, " cannot be used: ", failure);
      default -> failure;
    };
  }

  private CredentialStoreException lacking(
      Reason reason, String problem, CredentialStoreException otherwise) {
    return connections
        .missingRight()
        .map(
            right ->
                new CredentialStoreException(reason, name + problem + right, otherwise.getCause()))
        .orElse(otherwise);
  }

  void close() {
    closed = true;
    try {
      connections.close();
    } catch (SQLException e) {
      throw new CredentialStoreException(Reason.UNAVAILABLE, name + " could not be closed", e);
    }
  }
}
