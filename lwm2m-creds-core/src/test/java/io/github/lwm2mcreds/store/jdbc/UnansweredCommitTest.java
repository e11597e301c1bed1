// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.jdbc.StoreFailures.assertFails;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose commits wait for a standby that is not there, and so are never answered. */
class UnansweredCommitTest {
  private final PostgresStores stores = new PostgresStores();
  private final String url = PostgresStores.newUrl();

  @BeforeEach
  void waitForStandby() throws SQLException {
    stores.opened(PostgresStores.describe(url).create());
    configure("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "nobody");
  }

  @AfterEach
  void goOn() throws SQLException {
    try {
      configure("ALTER SYSTEM RESET synchronous_standby_names", "");
    } finally {
      stores.close();
    }
  }

  private void configure(String statement, String expected) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
      sql.execute("SELECT pg_reload_conf()");
    }
    await()
        .until(
            () -> {
              try (Connection connection = DriverManager.getConnection(url);
                  Statement sql = connection.createStatement();
                  var result = sql.executeQuery("SHOW synchronous_standby_names")) {
                result.next();
                return result.getString(1).equals(expected);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void put_commitIsNotAnswered_saysToLook(boolean pooled) {
    JdbcStoreBuilder builder =
        pooled ? Pools.describe(stores.opened(Pools.of(url))) : PostgresStores.describe(url);
    JdbcCredentialStore store =
        stores.opened(
            builder.limits(new TimeLimits(Duration.ofMillis(200), Duration.ofMillis(300))).open());

    CompletableFuture<Void> put =
        CompletableFuture.runAsync(
            () ->
                assertFails(Reason.UNAVAILABLE, () -> store.put(credential("a", 1)))
                    .contains("look whether it was made"));

    assertThat(put).succeedsWithin(60, SECONDS);
  }
}
