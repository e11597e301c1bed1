// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store in SQLite that takes its connections from an application's pool. */
class PooledSqliteTest {
  private static final List<String> PRAGMAS =
      List.of("busy_timeout", "synchronous", "temp_store", "foreign_keys", "query_only");

  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();

  @BeforeEach
  void createStore() {
    stores.opened(stores.describe(file).create()).put(credential("a", 1));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private HikariDataSource pool(boolean autoCommit) {
    HikariConfig config = Pools.config("jdbc:sqlite:" + file + "?busy_timeout=777");
    config.setAutoCommit(autoCommit);
    config.addDataSourceProperty("synchronous", "NORMAL");
    return stores.opened(new HikariDataSource(config));
  }

  private JdbcCredentialStore store(HikariDataSource pool) {
    return stores.opened(
        JdbcCredentialStore.dataSource(pool)
            .keyWrapper(stores.keyWrapper())
            .lockTimeout(Duration.ofMillis(20))
            .open());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connections_usedAndGivenBack_areAsTheyWere(boolean autoCommit) throws SQLException {
    HikariDataSource pool = pool(autoCommit);
    List<String> before = statesOfAll(pool);
    assertThat(before.get(0)).contains("busy_timeout 777", "synchronous 1");
    JdbcCredentialStore store = store(pool);

    store.put(credential("b", 2));
    store.load(Optional.empty(), credential -> {});
    assertThat(store.findByEndpoint("b")).isPresent();

    assertThat(Pools.taken(pool)).isZero();
    assertThat(statesOfAll(pool)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void put_othersHoldTheLock_isLockedAndLeavesConnectionsAsTheyWere(boolean autoCommit)
      throws SQLException {
    HikariDataSource pool = pool(autoCommit);
    List<String> before = statesOfAll(pool);
    JdbcCredentialStore store = store(pool);

    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertFails(Reason.LOCKED, () -> store.put(credential("b", 2)));
      assertThat(store.findByEndpoint("a")).isPresent();
    }

    assertThat(Pools.taken(pool)).isZero();
    assertThat(statesOfAll(pool)).isEqualTo(before);
    store.put(credential("b", 2));
    assertThat(store.size()).isEqualTo(2);
  }

  /** A pool would set some of this back by itself. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connection_lentByNoPool_isAsItWas(boolean autoCommit) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      connection.setAutoCommit(autoCommit);
      String before = stateOf(connection);
      JdbcCredentialStore store =
          stores.opened(
              JdbcCredentialStore.dataSource(LentConnection.of(connection))
                  .keyWrapper(stores.keyWrapper())
                  .lockTimeout(Duration.ofMillis(20))
                  .open());

      store.put(credential("b", 2));
      assertThat(stateOf(connection)).isEqualTo(before);

      statement.execute("BEGIN IMMEDIATE");
      assertFails(Reason.LOCKED, () -> store.put(credential("c", 3)));
      assertThat(stateOf(connection)).isEqualTo(before);
    }
  }

  private static List<String> statesOfAll(HikariDataSource pool) throws SQLException {
    try (Connection one = pool.getConnection();
        Connection another = pool.getConnection()) {
      return List.of(stateOf(one), stateOf(another));
    }
  }

  private static String stateOf(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    List<String> state = new ArrayList<>(List.of("autocommit " + autoCommit));
    try (Statement statement = connection.createStatement()) {
      for (String pragma : PRAGMAS) {
        try (ResultSet result = statement.executeQuery("PRAGMA " + pragma)) {
          state.add(pragma + " " + result.getLong(1));
        }
      }
    }
    if (!autoCommit) {
      connection.rollback();
    }
    return String.join(", ", state);
  }
}
