// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * The databases that hold stores, and the few things in which they differ; all other SQL is the
 * same for both.
 */
enum DatabaseKind {
  SQLITE {
    @Override
    String tableExists() {
      return "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?";
    }

    @Override
    String longKey() {
      return "INTEGER"; // with any other type the key gets an index of its own
    }

    @Override
    String rowLock() {
      return ""; // BEGIN IMMEDIATE has locked the database
    }

    @Override
    Reason reason(SQLException e) {
      return switch (e.getErrorCode() & 0xff) { // extended codes keep the plain one in front
        case 3, 8 -> Reason.READ_ONLY; // SQLITE_PERM, SQLITE_READONLY
        case 5, 6 -> Reason.LOCKED; // SQLITE_BUSY, SQLITE_LOCKED
        case 11 -> Reason.CORRUPT; // SQLITE_CORRUPT
        case 13 -> Reason.FULL; // SQLITE_FULL
        case 26 -> Reason.NOT_A_STORE; // SQLITE_NOTADB
        default -> Reason.UNAVAILABLE;
      };
    }

    @Override
    void prepare(ConnectionSettings settings, TimeLimits limits) throws SQLException {
      settings.changePragma("busy_timeout", limits.lockMillis());
      settings.changePragma("synchronous", SYNCHRONOUS_FULL);
      if (!settings.isCallers()) {
        settings.changePragma("temp_store", TEMP_STORE_MEMORY); // deletes temporary tables
      }
    }
  },

  POSTGRESQL {
    @Override
    String tableExists() {
      return "SELECT count(*) FROM pg_tables"
          + " WHERE tablename = ? AND schemaname = ANY (current_schemas(false))";
    }

    @Override
    String longKey() {
      return "BIGINT";
    }

    @Override
    String rowLock() {
      return " FOR UPDATE";
    }

    /** By the codes of the PostgreSQL manual's appendix A; 08004 is the driver's. */
    @Override
    Reason reason(SQLException e) {
      if (e.getSQLState() == null) {
        return e instanceof SQLTransientConnectionException
            ? Reason.TOO_MANY_CONNECTIONS // a pool's, whose connections are all taken
            : Reason.UNAVAILABLE;
      }
      return switch (e.getSQLState()) {
        case "25006" -> Reason.READ_ONLY;
        case "42501", "28000", "28P01", "08004" -> Reason.NOT_ALLOWED;
        case "53100" -> Reason.FULL;
        case "53300", "53400" -> Reason.TOO_MANY_CONNECTIONS;
        case "55P03" -> Reason.LOCKED;
        case "57014" -> Reason.TIMED_OUT;
        case "40001", "40P01", "23505", "42P07" -> Reason.CONFLICT;
        case "XX001", "XX002", "42P01" ->
            Reason.CORRUPT; // whether there is a store was asked before
        case "3D000", "3F000" -> Reason.NOT_FOUND;
        case "42P05", "26000" -> Reason.MISCONFIGURED;
        default -> PoolerRefusal.of(e).isPresent() ? Reason.MISCONFIGURED : Reason.UNAVAILABLE;
      };
    }

    @Override
    void prepare(ConnectionSettings settings, TimeLimits limits) {
      if (settings.isCallers()) {
        settings.limitAnswer(limits.network()); // own ones are made with it
      }
    }
  };

  private static final int SYNCHRONOUS_FULL = 2;
  private static final int TEMP_STORE_MEMORY = 2;

  /** Finds out which database a connection leads to. */
  static DatabaseKind of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    return switch (product) {
      case "SQLite" -> SQLITE;
      case "PostgreSQL" -> POSTGRESQL;
      default ->
          throw new IllegalArgumentException(
              "stores live in SQLite or PostgreSQL, not in " + product);
    };
  }

  /** A query that counts the tables with a name, where unqualified names are looked for. */
  abstract String tableExists();

  /** The type of a 64-bit primary key. */
  abstract String longKey();

  /** What makes a SELECT lock the rows it finds. */
  abstract String rowLock();

  /** What a failure means. */
  abstract Reason reason(SQLException e);

  /** Sets on a connection what holds for all that is done on it. */
  abstract void prepare(ConnectionSettings settings, TimeLimits limits) throws SQLException;

  /** Puts a failure in words; those of the driver are in the cause. */
  CredentialStoreException failure(String store, SQLException e) {
    Reason reason = reason(e);
    String problem =
        switch (reason) {
          case READ_ONLY ->
              this == SQLITE
                  ? "may not be written: check the rights and the file system"
                  : "may not be written: the server is a standby, or the connection is read-only";
          case NOT_ALLOWED -> "refuses this user: check its name, password and rights; " + cause(e);
          case LOCKED -> "is locked by another process for too long; try again";
          case TIMED_OUT -> "took too long, or somebody cancelled the query; try again";
          case CONFLICT -> "is being changed by others at the same time; try again";
          case TOO_MANY_CONNECTIONS ->
              "has no connection free: too many are in use; try again later, or allow more; "
                  + cause(e);
          case CORRUPT -> "is damaged: restore it from a backup, and keep this one for the check";
          case FULL -> "cannot grow, since there is no space left";
          case NOT_A_STORE -> "is not a credential store";
          case NOT_FOUND -> "does not exist: " + cause(e);
          case MISCONFIGURED -> PoolerRefusal.of(e).orElse(PoolerRefusal.PREPARED).advice(cause(e));
          default -> "cannot be used: " + cause(e);
        };
    return new CredentialStoreException(reason, store + " " + problem, withoutData(e));
  }

  /**
   * Returns a failure as a cause without the data of statements, which drivers put into messages
   * and into the failures of a batch.
   */
  static SQLException withoutData(SQLException e) {
    SQLException clean = new SQLException(cause(e), e.getSQLState(), e.getErrorCode());
    clean.setStackTrace(e.getStackTrace());
    return clean;
  }

  /**
   * Returns the first line of what the driver says of the first failure: drivers put data of the
   * statement into further lines, and that of a batch before its cause; pools put their own failure
   * around it.
   */
  private static String cause(SQLException e) {
    SQLException first = e;
    while (first.getCause() instanceof SQLException earlier) {
      first = earlier;
    }
    if (first instanceof BatchUpdateException && first.getNextException() != null) {
      first = first.getNextException();
    }
    String message = String.valueOf(first.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
