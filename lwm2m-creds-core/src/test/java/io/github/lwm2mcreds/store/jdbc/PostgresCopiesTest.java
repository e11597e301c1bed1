// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.ImportCounts;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ImportOutcome;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is copied into PostgreSQL, and what becomes of an import where nothing can be. */
class PostgresCopiesTest {
  private final PostgresStores stores = new PostgresStores();
  private final String url = PostgresStores.newUrl();
  private Connection connection;
  private PostgresCopies copies;

  @BeforeEach
  void makeTable() throws SQLException {
    connection = stores.opened(DriverManager.getConnection(url));
    copies = new PostgresCopies(connection, DatabaseKind.POSTGRESQL);
    execute("CREATE TABLE t (name BYTEA NOT NULL PRIMARY KEY, text TEXT, number BIGINT)");
    execute("INSERT INTO t VALUES ('there', NULL, 1)");
    connection.setAutoCommit(false);
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private boolean copy(String... names) throws SQLException {
    CopiedRows rows = new CopiedRows(3);
    for (String name : names) {
      rows.row().add(name).add((String) null).add(2);
    }
    return copies.tryTo("t (name, text, number)", rows);
  }

  @Test
  void tryTo_newRows_areIn() throws SQLException {
    assertThat(copies.arePossible()).isTrue();

    assertThat(copy("a", "ä")).isTrue();

    assertThat(query("SELECT string_agg(convert_from(name, 'UTF8') || number, ',') FROM t"))
        .isEqualTo("there1,a2,ä2");
  }

  @Test
  void tryTo_oneIsThere_noneIsInAndTheTransactionGoesOn() throws SQLException {
    execute("INSERT INTO t VALUES ('before', NULL, 1)");

    assertThat(copy("a", "there")).isFalse();

    assertThat(copy("b")).isTrue();
    assertThat(query("SELECT string_agg(convert_from(name, 'UTF8'), ',') FROM t"))
        .isEqualTo("there,before,b");
  }

  @Test
  void tryTo_columnOfAnotherType_isNotPossibleAnyMore() throws SQLException {
    execute("ALTER TABLE t ALTER COLUMN number TYPE INTEGER");

    assertThat(copy("a")).isFalse();

    assertThat(copies.arePossible()).isFalse();
    assertThat(query("SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void tryTo_afterAFailure_tellsOfItInsteadOfGoingOn() throws SQLException {
    assertThatThrownBy(() -> execute("SELECT 1 / 0")).isInstanceOf(SQLException.class);

    assertThatThrownBy(() -> copy("a"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
  }

  private static List<DeviceCredential> devices(int count) {
    return IntStream.range(0, count).mapToObj(n -> credential("device-" + n, n)).toList();
  }

  private static void assertImports(JdbcCredentialStore store, int count) {
    ImportCounts counts = store.importAll(devices(count).iterator(), ImportOptions.adding());

    assertThat(counts.of(ImportOutcome.ADDED)).isEqualTo(count);
    assertThat(store.audit(0)).hasSize(count);
    store.check(finding -> assertThat(finding).isNull(), done -> {});
  }

  /** PostgreSQL does not copy into a table with row security. */
  @Test
  void importAll_rowSecurity_insertsInstead() throws SQLException {
    stores.opened(PostgresStores.describe(url).create());
    String role = "importer_" + UUID.randomUUID().toString().replace('-', '_');
    execute("CREATE ROLE " + role);
    execute("GRANT USAGE ON SCHEMA " + connection.getSchema() + " TO " + role);
    execute("GRANT ALL ON ALL TABLES IN SCHEMA " + connection.getSchema() + " TO " + role);
    for (String table : List.of("lwm2m_creds_credential", "lwm2m_creds_audit")) {
      execute("ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY");
      execute("CREATE POLICY anything ON " + table + " USING (true) WITH CHECK (true)");
    }
    connection.commit();

    assertImports(
        stores.opened(PostgresStores.describe(url + "&options=-c%20role=" + role).open()), 500);
  }

  @Test
  void importAll_driverHiddenByThePool_insertsInstead() {
    stores.opened(PostgresStores.describe(url).create());

    assertImports(
        stores.opened(Pools.describe(HiddenDriver.of(stores.opened(Pools.of(url)))).open()), 500);
  }
}
