// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/**
 * What PostgreSQL's own driver can do beyond JDBC. A data source may come with another driver, of
 * which nothing is known here; all this does nothing then.
 */
final class PostgresDriver {
  private static final boolean PRESENT = isPresent();

  private PostgresDriver() {}

  private static boolean isPresent() {
    try {
      Class.forName("org.postgresql.PGConnection");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  static boolean isOf(Connection connection) throws SQLException {
    return PRESENT && connection.isWrapperFor(PGConnection.class);
  }

  /**
   * Whether a connection leads to the server process that answers on it. A pooler makes up the
   * process that it names when a client connects, so that it can cancel for it.
   */
  static boolean leadsTo(Connection connection, int process) throws SQLException {
    return !isOf(connection) || connection.unwrap(PGConnection.class).getBackendPID() == process;
  }

  /** Keeps a statement from being prepared on the server, however often it is executed. */
  static void prepareNothing(Statement statement) throws SQLException {
    if (PRESENT && statement.isWrapperFor(PGStatement.class)) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    }
  }

  /**
   * Keeps all statements from being prepared on the server: behind a pooler, the next transaction
   * may be on another one, which does not have them, or has others by these names.
   */
  static void prepareNothing(Connection connection, ConnectionSettings settings)
      throws SQLException {
    if (isOf(connection)) {
      PGConnection driver = connection.unwrap(PGConnection.class);
      settings.change(
          driver.getPrepareThreshold(), 0, threshold -> driver.setPrepareThreshold(threshold));
    }
  }
}
