// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.SQLException;

/** SQLite's transactions, by its own statements: JDBC cannot ask for the lock at once. */
final class SqliteTransactions implements Transactions {
  /** Returns another number once others have committed a change. */
  static final String DATA_VERSION = "PRAGMA data_version";

  private final JdbcSession session;
  private boolean begun;

  SqliteTransactions(JdbcSession session) {
    this.session = session;
  }

  /** Asks for the lock at once where something is written, or two might wait for each other. */
  @Override
  public void begin(Purpose purpose) throws SQLException {
    if (purpose != Purpose.READING) {
      session.prepare(purpose == Purpose.WRITING ? "BEGIN IMMEDIATE" : "BEGIN").execute();
      begun = true;
    }
  }

  @Override
  public void commit() throws SQLException {
    end("COMMIT");
  }

  @Override
  public void rollback() throws SQLException {
    end("ROLLBACK");
  }

  private void end(String statement) throws SQLException {
    if (begun) {
      session.prepare(statement).execute();
      begun = false;
    }
  }
}
