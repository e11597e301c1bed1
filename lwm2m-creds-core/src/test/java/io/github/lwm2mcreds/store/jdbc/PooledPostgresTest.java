// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store in PostgreSQL that takes its connections from an application's pool. */
class PooledPostgresTest {
  private static final List<String> SETTINGS =
      List.of(
          "lock_timeout",
          "statement_timeout",
          "transaction_isolation",
          "transaction_read_only",
          "search_path");

  /** How the pool's connections are set up. */
  enum Setup {
    PLAIN {
      @Override
      HikariConfig config(String url) {
        return Pools.config(url);
      }
    },
    OTHER_SETTINGS {
      @Override
      HikariConfig config(String url) {
        return Pools.withOtherSettings(
            url + "&socketTimeout=77&options=-c%20lock_timeout=7s%20-c%20statement_timeout=8s");
      }
    };

    abstract HikariConfig config(String url);
  }

  private final PostgresStores stores = new PostgresStores();
  private final String url = PostgresStores.newUrl();

  @BeforeEach
  void createStore() {
    stores.opened(PostgresStores.describe(url).create()).put(credential("a", 1));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private HikariDataSource pool(HikariConfig config) {
    return stores.opened(new HikariDataSource(config));
  }

  private JdbcCredentialStore store(HikariDataSource pool) {
    return stores.opened(Pools.describe(pool).lockTimeout(Duration.ofMillis(200)).open());
  }

  @ParameterizedTest
  @EnumSource
  void connections_usedAndGivenBack_areAsTheyWere(Setup setup) throws SQLException {
    HikariDataSource pool = pool(setup.config(url));
    List<String> before = statesOfAll(pool);
    JdbcCredentialStore store = store(pool);

    useInEveryWay(store);

    assertThat(Pools.taken(pool)).isZero();
    assertThat(statesOfAll(pool)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void connections_afterFailures_areAsTheyWere(Setup setup) throws SQLException {
    HikariDataSource pool = pool(setup.config(url));
    List<String> before = statesOfAll(pool);
    JdbcCredentialStore store = store(pool);

    assertThatThrownBy(() -> store.put(credential("b", "a", 2)))
        .isInstanceOf(DuplicatePskIdentityException.class);
    try (Connection other = DriverManager.getConnection(url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE lwm2m_creds_credential IN ACCESS EXCLUSIVE MODE");
      assertFails(Reason.LOCKED, () -> store.put(credential("b", 2)));
      assertFails(Reason.LOCKED, () -> store.findByEndpoint("a"));
      assertFails(Reason.LOCKED, () -> store.load(Optional.empty(), credential -> {}));
    }

    assertThat(Pools.taken(pool)).isZero();
    assertThat(statesOfAll(pool)).isEqualTo(before);
    store.put(credential("b", 2));
  }

  private static void useInEveryWay(JdbcCredentialStore store) {
    store.put(credential("b", 2));
    store.putAll(IntStream.range(0, 100).mapToObj(n -> credential("d" + n, n)).toList());
    store.rotate(credential("b", "next", 3), Instant.now().plusSeconds(60));
    assertThat(store.findByEndpoint("b")).isPresent();
    assertThat(store.stream()).hasSize(102);
    store.load(Optional.empty(), credential -> {});
    store.revoke("a", "");
    assertThat(store.reseal(done -> {})).isZero();
    assertThat(store.check(finding -> {}, done -> {})).isEqualTo(102);
  }

  /** What is to be seen on each of a pool's connections. */
  private static List<String> statesOfAll(HikariDataSource pool) throws SQLException {
    try (Connection one = pool.getConnection();
        Connection another = pool.getConnection()) {
      return List.of(stateOf(one), stateOf(another));
    }
  }

  private static String stateOf(Connection connection) throws SQLException {
    List<String> state = new ArrayList<>();
    state.add("autocommit " + connection.getAutoCommit());
    state.add("read only " + connection.isReadOnly());
    state.add("isolation " + connection.getTransactionIsolation());
    state.add("network timeout " + connection.getNetworkTimeout());
    state.add(
        "prepare threshold "
            + connection.unwrap(org.postgresql.PGConnection.class).getPrepareThreshold());
    try (Statement statement = connection.createStatement()) {
      for (String setting : SETTINGS) {
        try (ResultSet result = statement.executeQuery("SHOW " + setting)) {
          result.next();
          state.add(setting + " " + result.getString(1));
        }
      }
      try (ResultSet result = statement.executeQuery("SELECT pg_listening_channels()")) {
        state.add("listening " + result.next());
      }
    }
    if (!connection.getAutoCommit()) {
      connection.rollback();
    }
    return String.join(", ", state);
  }

  /** A pool would set most of this back by itself. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connection_lentByNoPool_isAsItWas(boolean autoCommit) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setAutoCommit(autoCommit);
      String before = stateOf(connection);
      JdbcCredentialStore store =
          stores.opened(Pools.describe(LentConnection.of(connection)).open());

      useInEveryWay(store);
      assertThat(stateOf(connection)).isEqualTo(before);

      refuseCommits();
      assertFails(Reason.CONFLICT, () -> store.put(credential("c", 3)));
      assertThat(stateOf(connection)).isEqualTo(before);
    }
  }

  private void refuseCommits() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            RAISE EXCEPTION 'refused' USING ERRCODE = '40001';
          END $$
          """);
      statement.execute(
          "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON lwm2m_creds_credential"
              + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()");
    }
  }

  /** In a transaction that sees one moment only, all but one of them would have to be refused. */
  @Test
  void put_byManyAtATime_poolIsSerializable_allAreTaken() {
    HikariConfig config = Pools.withOtherSettings(url);
    config.setMaximumPoolSize(8);
    JdbcCredentialStore store =
        stores.opened(Pools.describe(pool(config)).lockTimeout(Duration.ofSeconds(10)).open());

    List<CompletableFuture<Void>> threads =
        IntStream.range(0, 8)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < 20; i++) {
                            store.put(credential("t" + thread + "-" + i, i));
                          }
                        }))
            .toList();

    assertThat(threads).allSatisfy(thread -> assertThat(thread).succeedsWithin(60, SECONDS));
    assertThat(store.size()).isEqualTo(161);
  }
}
