// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestPostgresTest {
  private final TestPostgres server = TestPostgres.shared();

  @Test
  void newDatabase_twice_givesEmptyOnesApart() throws SQLException {
    String first = server.newDatabase();
    String second = server.newDatabase();

    update(first, "CREATE TABLE t (x int)");
    update(second, "CREATE TABLE t (x int)");
    update(first, "INSERT INTO t VALUES (1)");

    assertThat(count(first)).isEqualTo(1);
    assertThat(count(second)).isZero();
  }

  @Test
  void stopAndStart_openConnection_endsAndTheDataStays() throws SQLException {
    String url = server.newDatabase();
    update(url, "CREATE TABLE t (x int)");
    update(url, "INSERT INTO t VALUES (1)");

    try (Connection open = DriverManager.getConnection(url)) {
      server.stop();
      try {
        assertThat(open.isValid(1)).isFalse();
        assertThatThrownBy(() -> DriverManager.getConnection(url)).isInstanceOf(SQLException.class);
      } finally {
        server.start();
      }
    }

    assertThat(count(url)).isEqualTo(1);
  }

  private static void update(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static int count(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM t")) {
      result.next();
      return result.getInt(1);
    }
  }
}
