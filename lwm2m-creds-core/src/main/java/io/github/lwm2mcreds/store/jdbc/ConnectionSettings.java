// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a store sets on a connection, and puts back at the end where it is a caller's. */
final class ConnectionSettings {
  /** Sets something. */
  interface Setter<T> {
    void set(T value) throws SQLException;
  }

  private interface Undo {
    void run() throws SQLException;
  }

  private final Connection connection;
  private final boolean isCallers;
  private final Deque<Undo> undos = new ArrayDeque<>();

  ConnectionSettings(Connection connection, boolean isCallers) {
    this.connection = connection;
    this.isCallers = isCallers;
  }

  boolean isCallers() {
    return isCallers;
  }

  /** Changes a setting, unless it is so already. */
  <T> void change(T before, T after, Setter<T> setter) throws SQLException {
    if (!before.equals(after)) {
      setter.set(after);
      if (isCallers) {
        undos.push(() -> setter.set(before));
      }
    }
  }

  /** Leaves it to the store where transactions begin and end. */
  void commitEachStatement() throws SQLException {
    change(connection.getAutoCommit(), true, connection::setAutoCommit);
  }

  /** Changes a pragma of SQLite that has a number. */
  void changePragma(String name, int value) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int before;
      try (ResultSet result = statement.executeQuery("PRAGMA " + name)) {
        result.next();
        before = result.getInt(1);
      }
      change(before, value, number -> setPragma(name, number));
    }
  }

  private void setPragma(String name, int value) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + name + " = " + value);
    }
  }

  /** Sets for a while how many KiB SQLite keeps in memory; a caller's connection stays as it is. */
  void setCache(int kibibytes) throws SQLException {
    if (!isCallers) {
      changePragma("cache_size", -kibibytes); // above 0, it would be pages
    }
  }

  /** Limits how long an answer is waited for, unless it is limited; if the driver can. */
  void limitAnswer(Duration limit) {
    try {
      if (connection.getNetworkTimeout() == 0) {
        change(
            0, (int) limit.toMillis(), value -> connection.setNetworkTimeout(Runnable::run, value));
      }
    } catch (SQLException e) {
      // what is wrong with the connection is told by what it is used for
    }
  }

  /** Puts all back that can be; of a connection that is broken nothing can, and nobody needs it. */
  void putBack() {
    while (!undos.isEmpty()) {
      try {
        undos.pop().run();
      } catch (SQLException e) {
        // the others may work, and the pool will notice
      }
    }
  }
}
