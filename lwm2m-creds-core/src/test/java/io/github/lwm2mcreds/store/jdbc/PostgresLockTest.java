// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.mirror.MirrorObserver;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store in PostgreSQL whose tables somebody else locks: nothing waits without end. */
class PostgresLockTest {
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);
  private static final Duration GENEROUS = Duration.ofSeconds(30);

  /** Where the store's connections come from. */
  enum Source {
    URL,
    POOL
  }

  private final PostgresStores stores = new PostgresStores();
  private final List<String> observed = new CopyOnWriteArrayList<>();
  private final String url = PostgresStores.newUrl();
  private JdbcCredentialStore store;

  @BeforeEach
  void createStore() {
    stores.opened(PostgresStores.describe(url).create()).put(credential("a", 1));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private void open(Source source) {
    JdbcStoreBuilder builder =
        source == Source.URL
            ? PostgresStores.describe(url)
            : Pools.describe(stores.opened(Pools.of(url)));
    store = stores.opened(builder.lockTimeout(LOCK_TIMEOUT).open());
  }

  @ParameterizedTest
  @EnumSource
  void put_tableLocked_isLockedAndWorksAfterwards(Source source) throws Exception {
    open(source);

    whileLocked("lwm2m_creds_audit", () -> assertLocked(store -> store.put(credential("b", 2))));

    store.put(credential("b", 2));
    assertThat(store.size()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void find_tableLocked_isLockedAndWorksAfterwards(Source source) throws Exception {
    open(source);

    whileLocked("lwm2m_creds_credential", () -> assertLocked(store -> store.findByEndpoint("a")));

    assertThat(store.findByEndpoint("a")).contains(credential("a", 1));
  }

  @ParameterizedTest
  @EnumSource
  void mirrorIsMade_tableLocked_isLocked(Source source) throws Exception {
    open(source);

    whileLocked("lwm2m_creds_credential", () -> assertLocked(MirroredCredentialStore::of));
  }

  @ParameterizedTest
  @EnumSource
  void mirrorFollows_tableLocked_saysSoAndCatchesUp(Source source) throws Exception {
    open(source);
    MirroredCredentialStore mirror =
        stores.opened(
            MirroredCredentialStore.builder(store)
                .interval(Duration.ofMillis(20))
                .observer(new Observer())
                .build());

    whileLocked(
        "lwm2m_creds_state",
        () -> await().atMost(GENEROUS).until(() -> observed.contains("lost LOCKED")));

    mirror.put(credential("b", 2));
    await().atMost(GENEROUS).until(() -> observed.contains("resumed"));
    assertThat(mirror.findPsk(PskIdentity.of("b"))).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void check_tableLocked_isLocked(Source source) throws Exception {
    open(source);

    whileLocked(
        "lwm2m_creds_rotation",
        () -> assertLocked(store -> store.check(finding -> {}, done -> {})));
  }

  @ParameterizedTest
  @EnumSource
  void reseal_tableLocked_isLocked(Source source) throws Exception {
    open(source);

    whileLocked("lwm2m_creds_key", () -> assertLocked(store -> store.reseal(done -> {})));

    assertThat(store.reseal(done -> {})).isZero();
  }

  /** What a database's administrator, or a pool, sets for short queries. */
  @ParameterizedTest
  @EnumSource
  void put_limitsOfTheUserAreShorter_waitsAsLongAsTheStoreSays(Source source) throws Exception {
    String limited = url + "&options=-c%20statement_timeout=50ms%20-c%20lock_timeout=50ms";
    store =
        stores.opened(
            (source == Source.URL
                    ? PostgresStores.describe(limited)
                    : Pools.describe(stores.opened(Pools.of(limited))))
                .open());
    List<CompletableFuture<?>> puts = new CopyOnWriteArrayList<>();

    whileLocked(
        "lwm2m_creds_credential",
        () -> {
          puts.add(CompletableFuture.runAsync(() -> store.put(credential("b", 2))));
          await().atMost(GENEROUS).until(() -> hasSomebodyWaited("200ms") || puts.get(0).isDone());
        });

    assertThat(puts.get(0)).succeedsWithin(GENEROUS);
  }

  private boolean hasSomebodyWaited(String time) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND"
                    + " datname = current_database() AND clock_timestamp() - query_start > '"
                    + time
                    + "'")) {
      return result.next();
    }
  }

  private interface Step {
    void take() throws Exception;
  }

  /** Another program, such as a migration, holds the lock meanwhile. */
  private void whileLocked(String table, Step step) throws Exception {
    try (Connection other = DriverManager.getConnection(url)) {
      other.setAutoCommit(false);
      lock(other, table);
      step.take();
      other.rollback();
    }
  }

  private static void lock(Connection connection, String table) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
    }
  }

  private void assertLocked(Function<JdbcCredentialStore, ?> use) {
    assertThat(CompletableFuture.supplyAsync(() -> use.apply(store)))
        .failsWithin(GENEROUS)
        .withThrowableOfType(ExecutionException.class)
        .extracting(Throwable::getCause)
        .asInstanceOf(InstanceOfAssertFactories.type(CredentialStoreException.class))
        .extracting(CredentialStoreException::reason)
        .isEqualTo(Reason.LOCKED);
  }

  private final class Observer implements MirrorObserver {
    @Override
    public void lost(CredentialStoreException failure) {
      observed.add("lost " + failure.reason());
    }

    @Override
    public void resumed() {
      observed.add("resumed");
    }
  }
}
