package io.github.lwm2mcreds.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A connection of one thread at a time, with the statements prepared on it. */
final class Session {
  private final Connection connection;
  private final Engine engine;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  Session(Connection connection, Engine engine) {
    this.connection = connection;
    this.engine = engine;
  }

  Connection connection() {
    return connection;
  }

  Engine engine() {
    return engine;
  }

  /** Prepares a statement, once; the caller sets all of its parameters and does not close it. */
  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** Executes what is not worth preparing. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Begins a transaction that writes: SQLite's must ask for the lock at once, or may deadlock. */
  void begin() throws SQLException {
    if (engine == Engine.SQLITE) {
      prepare("BEGIN IMMEDIATE").execute();
    } else {
      connection.setAutoCommit(false);
    }
  }

  /** Begins a transaction that reads what was committed by now. */
  void beginReading() throws SQLException {
    if (engine == Engine.SQLITE) {
      prepare("BEGIN").execute();
    } else {
      connection.setAutoCommit(false);
      execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    }
  }

  void commit() throws SQLException {
    if (engine == Engine.SQLITE) {
      prepare("COMMIT").execute();
    } else {
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  void rollback() throws SQLException {
    if (engine == Engine.SQLITE) {
      prepare("ROLLBACK").execute();
    } else {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  void close() throws SQLException {
    try {
      for (PreparedStatement statement : statements.values()) {
        statement.close();
      }
    } finally {
      connection.close();
    }
  }
}
