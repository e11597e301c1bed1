// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.IsolationLevel;
import io.github.lwm2mcreds.store.seal.TestKeys;
import java.time.Duration;
import javax.sql.DataSource;

/** Connection pools as applications have them. */
final class Pools {
  private Pools() {}

  /** A pool of two that fails soon when none is free. */
  static HikariDataSource of(String url) {
    return new HikariDataSource(config(url));
  }

  static HikariConfig config(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(2);
    config.setConnectionTimeout(Duration.ofSeconds(20).toMillis());
    return config;
  }

  /** Settings that a store would not choose, and has to leave as they are. */
  static HikariConfig withOtherSettings(String url) {
    HikariConfig config = config(url);
    config.setAutoCommit(false);
    config.setTransactionIsolation(IsolationLevel.TRANSACTION_SERIALIZABLE.name());
    return config;
  }

  static JdbcStoreBuilder describe(DataSource pool) {
    return JdbcCredentialStore.dataSource(pool).keyWrapper(TestKeys.wrapper(7));
  }

  /** How many connections are taken and not given back. */
  static int taken(HikariDataSource pool) {
    return pool.getHikariPoolMXBean().getActiveConnections();
  }
}
