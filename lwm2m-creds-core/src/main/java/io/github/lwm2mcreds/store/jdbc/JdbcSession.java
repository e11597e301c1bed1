// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A database connection of one thread at a time, with the statements prepared on it. */
final class JdbcSession {
  /** How many names a query asks for: one, or as many as there are of a batch, padded. */
  private static final int[] CHUNKS = {1, 16, 256};

  /** What SQLite does by default. */
  private static final int USUAL_KIB = 2_000;

  /** Names in no order are all over the indexes, which have 100 MB for a million. */
  private static final int KIB_FOR_AN_IMPORT = 64_000;

  private final Connection connection;
  private final DatabaseKind kind;
  private final ConnectionSettings settings;
  private final Transactions transactions;
  private final PostgresCopies copies;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /**
   * Makes a session.
   *
   * @param settings what was set on the connection; put back when the session is closed
   */
  JdbcSession(
      Connection connection, DatabaseKind kind, ConnectionSettings settings, TimeLimits limits)
      throws SQLException {
    this.connection = connection;
    this.kind = kind;
    this.settings = settings;
    this.transactions =
        kind == DatabaseKind.SQLITE
            ? new SqliteTransactions(this)
            : new PostgresTransactions(connection, settings, limits);
    this.copies = new PostgresCopies(connection, kind);
  }

  Connection connection() {
    return connection;
  }

  DatabaseKind kind() {
    return kind;
  }

  Transactions transactions() {
    return transactions;
  }

  /** Returns what takes many rows in fast, if it is possible. */
  PostgresCopies copies() {
    return copies;
  }

  /**
   * Keeps as much of SQLite's file in memory as an import needs, or as little as it usually does.
   * PostgreSQL sees to that itself.
   */
  void keepMuchInMemory(boolean much) throws SQLException {
    if (kind == DatabaseKind.SQLITE) {
      settings.setCache(much ? KIB_FOR_AN_IMPORT : USUAL_KIB);
    }
  }

  /** Makes a value of a row. */
  interface RowReader<T> {
    T read(ResultSet result) throws SQLException;
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

  /** Reads all rows of a query whose parameters are set. */
  static <T> List<T> rows(PreparedStatement query, RowReader<T> reader) throws SQLException {
    List<T> rows = new ArrayList<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        rows.add(reader.read(result));
      }
    }
    return rows;
  }

  /**
   * Reads the rows of many names.
   *
   * @param upToName a query that lacks its last condition, such as {@code … WHERE name}
   */
  <T> List<T> rowsOf(String upToName, Collection<byte[]> names, RowReader<T> reader)
      throws SQLException {
    return kind == DatabaseKind.POSTGRESQL && names.size() > CHUNKS[1]
        ? rowsBySets(upToName, names, reader)
        : rowsByChunks(upToName, names, reader);
  }

  /**
   * Reads them in one go. PostgreSQL is made to look each name up in the index: of a table that has
   * grown fast it knows nothing yet, and would read all of it.
   */
  private <T> List<T> rowsBySets(String upToName, Collection<byte[]> names, RowReader<T> reader)
      throws SQLException {
    PreparedStatement query =
        prepare(
            "SELECT found.* FROM (SELECT DISTINCT unnest(?::bytea[])) AS wanted (bytes)"
                + " CROSS JOIN LATERAL ("
                + upToName
                + " = wanted.bytes OFFSET 0) AS found");
    setBytes(query, 1, names, name -> name);
    return rows(query, reader);
  }

  /** Reads a chunk at a time. The last name pads a chunk, so that a few statements do. */
  private <T> List<T> rowsByChunks(String upToName, Collection<byte[]> names, RowReader<T> reader)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    Iterator<byte[]> iterator = names.iterator();
    for (int left = names.size(); left > 0; ) {
      int size = chunk(left);
      PreparedStatement query = prepare(upToName + " IN (?" + ", ?".repeat(size - 1) + ")");
      byte[] name = null;
      for (int i = 1; i <= size; i++) {
        if (left > 0) {
          name = iterator.next();
          left--;
        }
        query.setBytes(i, name);
      }
      rows.addAll(rows(query, reader));
    }
    return rows;
  }

  private static int chunk(int names) {
    for (int size : CHUNKS) {
      if (names <= size) {
        return size;
      }
    }
    return CHUNKS[CHUNKS.length - 1];
  }

  /** Sets a parameter of a statement for PostgreSQL to an array of bytes of each of many things. */
  <T> void setBytes(
      PreparedStatement statement, int parameter, Collection<T> all, Function<T, byte[]> bytes)
      throws SQLException {
    setArray(statement, parameter, "bytea", all.stream().map(bytes).toArray(byte[][]::new));
  }

  /** Sets a parameter of a statement for PostgreSQL to an array. */
  void setArray(PreparedStatement statement, int parameter, String type, Object[] elements)
      throws SQLException {
    statement.setArray(parameter, connection.createArrayOf(type, elements));
  }

  /** Reads the one number that a query without parameters returns. */
  long number(String sql) throws SQLException {
    try (ResultSet result = prepare(sql).executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Whether a connection to PostgreSQL leads to a pooler instead. */
  boolean isBehindPooler() throws SQLException {
    return transactions instanceof PostgresTransactions postgres && postgres.isBehindPooler();
  }

  void close() throws SQLException {
    try {
      for (PreparedStatement statement : statements.values()) {
        statement.close();
      }
    } finally {
      settings.putBack();
      connection.close();
    }
  }
}
