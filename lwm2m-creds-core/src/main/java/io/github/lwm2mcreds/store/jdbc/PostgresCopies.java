// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.postgresql.PGConnection;

/**
 * PostgreSQL's COPY, which takes rows in faster than INSERT does, where there is its own driver and
 * the server can. Whoever uses it needs another way for when it cannot, and for when a row is there
 * already: COPY takes all rows or none.
 */
final class PostgresCopies {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final int BUFFER = 1 << 16;

  private final Connection connection;
  private boolean possible;

  PostgresCopies(Connection connection, DatabaseKind kind) throws SQLException {
    this.connection = connection;
    this.possible = kind == DatabaseKind.POSTGRESQL && PostgresDriver.isOf(connection);
  }

  /** Whether it is worth to make rows for it. */
  boolean arePossible() {
    return possible;
  }

  /**
   * Copies rows in, within a transaction.
   *
   * @param target the table and its columns, such as {@code t (a, b)}
   * @return whether all rows are in; if not none is, and the transaction is as it was before
   */
  boolean tryTo(String target, CopiedRows rows) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      copy(target, rows);
      connection.releaseSavepoint(before);
      return true;
    } catch (SQLException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      possible = UNIQUE_VIOLATION.equals(e.getSQLState());
      connection.rollback(before);
      return false;
    }
  }

  private void copy(String target, CopiedRows rows) throws SQLException {
    String sql = "COPY " + target + " FROM STDIN (FORMAT binary)";
    try {
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, rows.end(), BUFFER);
    } catch (IOException e) {
      throw new IllegalStateException("rows in memory cannot be read", e);
    }
  }

  /**
   * Whether it is COPY that was refused, and not that something is wrong with the server, by the
   * classes of the PostgreSQL manual's appendix A: 0A, it is not supported, as with row security;
   * 22, a field is of another type; 42, it is not allowed or not known.
   */
  private static boolean isRefusal(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.equals(UNIQUE_VIOLATION)
        || state.startsWith("0A")
        || state.startsWith("22")
        || state.startsWith("42");
  }
}
