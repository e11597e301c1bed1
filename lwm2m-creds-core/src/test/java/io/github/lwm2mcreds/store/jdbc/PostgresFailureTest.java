// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.seal.TestKeys;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a store in PostgreSQL fails: a caller can tell whether it helps to try again. */
class PostgresFailureTest {
  private final PostgresStores stores = new PostgresStores();
  private final String url = PostgresStores.newUrl();
  private JdbcCredentialStore store;

  @BeforeEach
  void createStore() {
    store = stores.opened(PostgresStores.describe(url).create());
    store.put(credential("a", 1));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The store's URL with another user, who is made and has the password {@code pass-of-user}. */
  private String urlOf(String user, String... rights) throws SQLException {
    sql("CREATE ROLE " + user + " LOGIN PASSWORD 'pass-of-user'");
    sql("GRANT USAGE ON SCHEMA " + schema() + " TO " + user);
    sql(rights);
    return withUser(user, "pass-of-user");
  }

  private String withUser(String user, String password) {
    return url.replaceFirst("user=[^&]*", "user=" + user)
        .replaceFirst("password=[^&]*", "password=" + password);
  }

  private String schema() {
    return url.substring(url.lastIndexOf('=') + 1);
  }

  @Test
  void open_wrongPassword_isNotAllowed() {
    assertFails(
            Reason.NOT_ALLOWED,
            () -> PostgresStores.describe(withUser("test", "wrong-secret")).open())
        .contains("check its name, password and rights")
        .doesNotContain("wrong-secret");
  }

  @Test
  void open_poolHasAWrongPassword_isNotAllowed() {
    HikariConfig config = Pools.config(withUser("test", "wrong-secret"));
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(500);
    HikariDataSource pool = stores.opened(new HikariDataSource(config));

    assertFails(Reason.NOT_ALLOWED, () -> Pools.describe(pool).open())
        .contains("password authentication failed")
        .doesNotContain("wrong-secret");
  }

  @Test
  void put_userMayOnlyRead_isNotAllowed() throws SQLException {
    String reader =
        urlOf(
            "reader_" + schema(),
            "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema() + " TO reader_" + schema());
    JdbcCredentialStore readers = stores.opened(PostgresStores.describe(reader).open());

    assertFails(Reason.NOT_ALLOWED, () -> readers.put(credential("b", 2)))
        .contains("permission denied");
    assertThat(readers.findByEndpoint("a")).contains(credential("a", 1));
  }

  @Test
  void put_serverIsReadOnly_isReadOnly() {
    JdbcCredentialStore standby =
        stores.opened(
            PostgresStores.describe(url + "&options=-c%20default_transaction_read_only=on").open());

    assertFails(Reason.READ_ONLY, () -> standby.put(credential("b", 2))).contains("standby");
    assertThat(standby.findByEndpoint("a")).isPresent();
  }

  @Test
  void open_noSuchDatabase_isNotFound() {
    String elsewhere = url.replaceFirst("/test\\d+\\?", "/nowhere?");

    assertFails(Reason.NOT_FOUND, () -> PostgresStores.describe(elsewhere).open())
        .contains("\"nowhere\" does not exist");
  }

  @Test
  void create_noSuchSchema_isNotFound() {
    assertFails(
        Reason.NOT_FOUND, () -> PostgresStores.describe(url.replace(schema(), "nowhere")).create());
  }

  @Test
  void open_allConnectionsOfTheUserTaken_isTooMany() throws SQLException {
    String user = "limited_" + schema();
    String limited = urlOf(user, "ALTER ROLE " + user + " CONNECTION LIMIT 0");

    assertFails(Reason.TOO_MANY_CONNECTIONS, () -> PostgresStores.describe(limited).open())
        .contains("try again later");
  }

  @Test
  void find_allConnectionsOfThePoolTaken_isTooMany() throws SQLException {
    HikariConfig config = Pools.config(url);
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(250);
    HikariDataSource pool = stores.opened(new HikariDataSource(config));
    JdbcCredentialStore pooled = stores.opened(Pools.describe(pool).open());

    try (Connection taken = pool.getConnection()) {
      assertThat(taken.isClosed()).isFalse();
      assertFails(Reason.TOO_MANY_CONNECTIONS, () -> pooled.findByEndpoint("a"));
    }

    assertThat(pooled.findByEndpoint("a")).isPresent();
  }

  @Test
  void open_poolFailsWithAnExceptionOfItsOwn_isUnavailable() {
    HikariDataSource closed = Pools.of(url);
    closed.close();
    assertFails(Reason.UNAVAILABLE, () -> Pools.describe(closed).open());
    HikariDataSource lazy = stores.opened(new HikariDataSource());
    lazy.setJdbcUrl(withUser("test", "wrong-secret"));
    assertFails(Reason.NOT_ALLOWED, () -> Pools.describe(lazy).open());
  }

  @ParameterizedTest
  @CsvSource({"pg_cancel_backend,TIMED_OUT", "pg_terminate_backend,UNAVAILABLE"})
  void put_endedByAnAdministrator_saysWhich(String function, Reason reason) throws Exception {
    try (Connection other = DriverManager.getConnection(url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT * FROM lwm2m_creds_state FOR UPDATE");
      CompletableFuture<Void> put =
          CompletableFuture.runAsync(
              () -> assertFails(reason, () -> store.put(credential("b", 2))));

      await().until(() -> endWaiting(function));

      assertThat(put).succeedsWithin(30, SECONDS);
    }
    store.put(credential("b", 2));
  }

  @Test
  void put_statementTakesLongerThanAllowed_isTimedOut() throws SQLException {
    sql(
        """
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_sleep(600);
          RETURN NULL;
        END $$
        """,
        "CREATE TRIGGER dawdle AFTER INSERT ON lwm2m_creds_credential"
            + " FOR EACH ROW EXECUTE FUNCTION dawdle()");
    JdbcCredentialStore hasty =
        stores.opened(
            PostgresStores.describe(url)
                .limits(new TimeLimits(Duration.ofMillis(100), Duration.ofMillis(200)))
                .open());

    assertFails(Reason.TIMED_OUT, () -> hasty.put(credential("b", 2))).contains("took too long");

    assertThat(store.findByEndpoint("b")).isEmpty();
  }

  private boolean endWaiting(String function) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet ended =
            statement.executeQuery(
                "SELECT "
                    + function
                    + "(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND"
                    + " datname = current_database() AND application_name = 'lwm2m-creds'")) {
      return ended.next();
    }
  }

  /** Makes each change raise a state, once or always; in the change or when it is committed. */
  private void raise(String state, boolean once, String constraint, String deferred)
      throws SQLException {
    sql(
        "CREATE SEQUENCE attempts", // its number stays when a transaction is rolled back
        """
        CREATE FUNCTION raise_it() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('attempts') = 1 OR %s THEN
            RAISE EXCEPTION 'raised' USING ERRCODE = '%s';
          END IF;
          RETURN NULL;
        END $$
        """
            .formatted(!once, state),
        "CREATE "
            + constraint
            + " TRIGGER raise_it AFTER INSERT ON lwm2m_creds_credential "
            + deferred
            + " FOR EACH ROW EXECUTE FUNCTION raise_it()");
  }

  private void raiseAtOnce(String state, boolean once) throws SQLException {
    raise(state, once, "", "");
  }

  private void raiseAtCommit(String state, boolean once) throws SQLException {
    raise(state, once, "CONSTRAINT", "DEFERRABLE INITIALLY DEFERRED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01"})
  void put_conflictsWithOthersOnce_isDoneAgain(String state) throws SQLException {
    raiseAtOnce(state, true);

    store.put(credential("b", 2));

    assertThat(store.findByEndpoint("b")).contains(credential("b", 2));
    assertThat(store.audit(0)).hasSize(2);
  }

  @Test
  void put_conflictsWhenCommittedOnce_isDoneAgain() throws SQLException {
    raiseAtCommit("40001", true);

    store.put(credential("b", 2));

    assertThat(store.audit(0)).hasSize(2);
  }

  @Test
  void put_conflictsAlways_isAConflictAndChangesNothing() throws SQLException {
    raiseAtCommit("40001", false);

    assertFails(Reason.CONFLICT, () -> store.put(credential("b", 2))).contains("try again");

    assertThat(store.findByEndpoint("b")).isEmpty();
    assertThat(store.audit(0)).hasSize(1);
  }

  @Test
  void put_sessionEndsWhileCommitting_saysToLook() throws SQLException {
    raiseAtCommit("57P01", false);

    assertFails(Reason.UNAVAILABLE, () -> store.put(credential("b", 2)))
        .contains("look whether it was made");
  }

  @Test
  void create_byManyAtATime_isDoneByOne() {
    String fresh = PostgresStores.newUrl();

    List<String> outcomes =
        IntStream.range(0, 6)
            .mapToObj(thread -> CompletableFuture.supplyAsync(() -> create(fresh)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();

    assertThat(outcomes).last().isEqualTo("made");
    assertThat(outcomes.subList(0, 5)).containsOnly("ALREADY_EXISTS");
  }

  private String create(String fresh) {
    try {
      JdbcCredentialStore.url(fresh).keyWrapper(TestKeys.wrapper(7)).create().close();
      return "made";
    } catch (CredentialStoreException e) {
      return e.reason().name();
    } catch (RuntimeException e) {
      throw new CompletionException(e);
    }
  }
}
