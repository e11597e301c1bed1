// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * PostgreSQL's transactions, and their time limits. On a connection of the store's own, which leads
 * to the server, the limits are set once. Otherwise they are set in each transaction, for it alone
 * and in one message: a pool gets its connection back as it was, and behind a pooler the next
 * transaction may be in another session, which others use, too.
 *
 * <p>The server ends a statement shortly before the client would give it up, but in a snapshot,
 * whose queries may read whole tables. The limit does not end a commit that waits for a standby.
 */
final class PostgresTransactions implements Transactions {
  private static final String BACKEND = "SELECT pg_backend_pid()";
  private static final String ISOLATION = "SET TRANSACTION ISOLATION LEVEL ";
  private static final String ONE_MOMENT = "REPEATABLE READ, READ ONLY;";
  private static final String EACH_STATEMENT = "READ COMMITTED;";

  private final Connection connection;
  private final ConnectionSettings settings;
  private final TimeLimits limits;
  private boolean begun;

  /** Whether there is a pooler; null until it is known. */
  private Boolean behindPooler;

  /** Whether the session has the limits. */
  private boolean limited;

  PostgresTransactions(Connection connection, ConnectionSettings settings, TimeLimits limits) {
    this.connection = connection;
    this.settings = settings;
    this.limits = limits;
  }

  @Override
  public void begin(Purpose purpose) throws SQLException {
    if (!settings.isCallers() && !isBehindPooler() && !limited) {
      send(
          "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL "
              + EACH_STATEMENT
              + set("", limits.statementMillis()));
      limited = true;
    }
    if (purpose == Purpose.READING && limited) {
      return; // each query is a transaction
    }
    begun = true;
    connection.setAutoCommit(false);
    if (purpose == Purpose.SNAPSHOT) {
      send(ISOLATION + ONE_MOMENT + set("LOCAL ", 0));
    } else if (!limited) {
      send(ISOLATION + EACH_STATEMENT + set("LOCAL ", limits.statementMillis()));
    }
  }

  private String set(String scope, int statementMillis) {
    return "SET %1$slock_timeout = %2$d; SET %1$sstatement_timeout = %3$d;"
        .formatted(scope, limits.lockMillis(), statementMillis);
  }

  @Override
  public void commit() throws SQLException {
    connection.commit();
    end();
  }

  @Override
  public void rollback() throws SQLException {
    if (begun) {
      connection.rollback();
      end();
    }
  }

  private void end() throws SQLException {
    begun = false;
    connection.setAutoCommit(true);
  }

  /** Whether the connection leads to a pooler, and not to the server; asks if it is not known. */
  boolean isBehindPooler() throws SQLException {
    if (behindPooler == null) {
      send("");
    }
    return behindPooler;
  }

  /** Sends statements in one message, with the question about a pooler if it is the first. */
  private void send(String statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      PostgresDriver.prepareNothing(statement);
      if (behindPooler == null) {
        boolean isResult = statement.execute(statements + BACKEND);
        behindPooler = !PostgresDriver.leadsTo(connection, number(statement, isResult));
        if (behindPooler) {
          PostgresDriver.prepareNothing(connection, settings);
        }
      } else {
        statement.execute(statements);
      }
    }
  }

  /** Reads the number that the last one of several statements returns. */
  private static int number(Statement statement, boolean firstIsResult) throws SQLException {
    boolean isResult = firstIsResult;
    while (!isResult && statement.getUpdateCount() >= 0) {
      isResult = statement.getMoreResults();
    }
    try (ResultSet result = statement.getResultSet()) {
      result.next();
      return result.getInt(1);
    }
  }
}
