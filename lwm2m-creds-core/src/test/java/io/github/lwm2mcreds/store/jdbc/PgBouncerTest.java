// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ImportOutcome;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store behind PgBouncer, as Debian has it: its sessions with the server are shared, a
 * transaction or a client at a time.
 */
class PgBouncerTest {
  private static final int THREADS = 6;
  private static final int CHANGES = 15;
  private static final String TRANSACTIONS = "pool_mode = transaction";

  /** How PgBouncer is set up, and where the store's connections come from. */
  enum Setup {
    TRANSACTION_MODE(false, TRANSACTIONS),
    TRANSACTION_MODE_AND_POOL(true, TRANSACTIONS),
    ONE_SESSION_FOR_ALL(false, TRANSACTIONS, "default_pool_size = 1"),
    ONE_SESSION_FOR_ALL_AND_POOL(true, TRANSACTIONS, "default_pool_size = 1"),
    DEFAULTS(false),
    DEFAULTS_AND_POOL(true);

    private final boolean pooled;
    private final String[] settings;

    Setup(boolean pooled, String... settings) {
      this.pooled = pooled;
      this.settings = settings;
    }
  }

  private final PostgresStores stores = new PostgresStores();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private TestPgBouncer bouncer(String... settings) throws Exception {
    return stores.opened(new TestPgBouncer(settings));
  }

  private JdbcStoreBuilder describe(String url, boolean pooled) {
    if (!pooled) {
      return PostgresStores.describe(url);
    }
    HikariConfig config = Pools.config(url);
    config.setMaximumPoolSize(THREADS);
    return Pools.describe(stores.opened(new HikariDataSource(config)));
  }

  @ParameterizedTest
  @EnumSource
  void store_usedByMany_worksAndMirrorsFollow(Setup setup) throws Exception {
    String url = bouncer(setup.settings).url();
    JdbcCredentialStore store = stores.opened(describe(url, setup.pooled).create());
    JdbcCredentialStore other = stores.opened(describe(url, setup.pooled).open());
    MirroredCredentialStore mirror =
        stores.opened(MirroredCredentialStore.of(describe(url, setup.pooled).open()));

    List<CompletableFuture<Void>> threads =
        IntStream.range(0, THREADS)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> changeAndFind(thread, thread % 2 == 0 ? store : other)))
            .toList();
    assertThat(threads).allSatisfy(thread -> assertThat(thread).succeedsWithin(120, SECONDS));

    assertThat(store.putAll(IntStream.range(0, 300).mapToObj(n -> credential("m" + n, n)).toList()))
        .isEqualTo(300);
    assertThat(
            store
                .importAll(
                    IntStream.range(0, 300).mapToObj(n -> credential("i" + n, n)).iterator(),
                    ImportOptions.adding())
                .of(ImportOutcome.ADDED))
        .isEqualTo(300);
    assertThat(store.reseal(done -> {})).isZero();
    assertThat(other.check(finding -> assertThat(finding).isNull(), done -> {}))
        .isEqualTo(THREADS * (CHANGES + 1) + 600);
    await().until(() -> mirror.size() == store.size());
    await().until(() -> mirror.findPsk(PskIdentity.of("m299")).isPresent());
    assertThat(mirror.findByEndpoint("t0")).isPresent();
    assertThat(mirror.stream()).hasSameElementsAs(store.stream().toList());
  }

  private static void changeAndFind(int thread, JdbcCredentialStore store) {
    String own = "t" + thread;
    for (int change = 0; change < CHANGES; change++) {
      String endpoint = own + "-" + change;
      store.put(credential(endpoint, thread));
      assertThat(store.findByEndpoint(endpoint)).contains(credential(endpoint, thread));
      store.put(credential(own, own + "-" + change + "-id", change + 1));
    }
    store.rotate(credential(own, own + "-next", thread), Instant.now().plusSeconds(600));
    assertThat(store.confirm(PskIdentity.of(own + "-next"))).isTrue();
    assertThat(store.findPskIdentity(own)).contains(PskIdentity.of(own + "-next"));
  }

  /** A session that another client gets next would be told of changes that it never asked for. */
  @Test
  void mirror_transactionMode_listensOnNoSession() throws Exception {
    TestPgBouncer bouncer = bouncer(TRANSACTIONS, "default_pool_size = 1");
    JdbcCredentialStore store = stores.opened(PostgresStores.describe(bouncer.url()).create());
    MirroredCredentialStore mirror =
        stores.opened(MirroredCredentialStore.of(PostgresStores.describe(bouncer.url()).open()));

    store.put(credential("a", 1));
    await().until(() -> mirror.findPsk(PskIdentity.of("a")).isPresent());

    long channels =
        store
            .database()
            .read(session -> session.number("SELECT count(*) FROM pg_listening_channels()"));
    assertThat(channels).isZero();
  }

  /** A time limit that is left on a session of the server would be the next client's. */
  @Test
  void session_usedByAStore_isLeftAsItWas() throws Exception {
    TestPgBouncer bouncer = bouncer(TRANSACTIONS, "default_pool_size = 1");
    JdbcCredentialStore store =
        stores.opened(
            PostgresStores.describe(bouncer.url()).lockTimeout(Duration.ofMillis(1234)).create());
    store.put(credential("a", 1));

    try (var other = java.sql.DriverManager.getConnection(bouncer.url());
        var statement = other.createStatement();
        var result =
            statement.executeQuery(
                "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")) {
      result.next();
      assertThat(result.getString(1)).isEqualTo("0");
      assertThat(result.getString(2)).isEqualTo("0");
    }
  }

  @Test
  void open_schemaInTheUrl_saysWhatToDoInstead() throws Exception {
    TestPgBouncer bouncer = bouncer(TRANSACTIONS);

    assertFails(
            Reason.MISCONFIGURED,
            () -> PostgresStores.describe(bouncer.url() + "&currentSchema=x").open())
        .contains("search_path", "ALTER ROLE")
        .doesNotContain("password");
  }

  @Test
  void open_statementMode_saysWhatToSet() throws Exception {
    TestPgBouncer bouncer = bouncer("pool_mode = statement");

    assertFails(Reason.MISCONFIGURED, () -> PostgresStores.describe(bouncer.url()).create())
        .contains("pool_mode");
  }

  /** The driver cannot be told then; two clients call what they prepare by the same names. */
  @Test
  void change_driverPreparesOnTheServer_saysWhatToSet() throws Exception {
    TestPgBouncer bouncer = bouncer(TRANSACTIONS, "default_pool_size = 1");
    PostgresStores.describe(bouncer.url()).create().close();

    assertFails(
            Reason.MISCONFIGURED,
            () -> {
              JdbcCredentialStore first = hidden(bouncer.url());
              JdbcCredentialStore second = hidden(bouncer.url());
              first.put(credential("a", 1));
              second.put(credential("b", 2));
            })
        .contains("prepareThreshold=0")
        .doesNotContain("password");

    JdbcCredentialStore store = hidden(bouncer.url() + "&prepareThreshold=0");
    JdbcCredentialStore other = hidden(bouncer.url() + "&prepareThreshold=0");
    for (int i = 0; i < 20; i++) {
      store.put(credential("a" + i, i));
      other.put(credential("b" + i, i));
    }
    assertThat(store.size()).isGreaterThanOrEqualTo(40);
  }

  private JdbcCredentialStore hidden(String url) {
    HikariDataSource pool = stores.opened(Pools.of(url));
    return stores.opened(Pools.describe(HiddenDriver.of(pool)).open());
  }
}
