// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcStoreBuilder;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A schema in the PostgreSQL that the environment names, which is dropped at the end. */
final class PostgresSchema implements AutoCloseable {
  /** The environment variable with a JDBC URL. */
  private static final String VARIABLE = "LWM2M_CREDS_POSTGRESQL";

  private final String database = System.getenv(VARIABLE);
  private final String name = "benchmark_" + UUID.randomUUID().toString().replace('-', '_');

  PostgresSchema() throws IOException {
    execute("CREATE SCHEMA " + name);
  }

  static boolean isConfigured() {
    return System.getenv(VARIABLE) != null;
  }

  /** Returns a store in the schema, whose keys are sealed with a key file. */
  JdbcStoreBuilder store(Path keyFile) {
    return JdbcCredentialStore.url(url()).keyWrapper(KeyWrappers.keyFile(keyFile));
  }

  private String url() {
    return database + (database.contains("?") ? "&" : "?") + "currentSchema=" + name;
  }

  private void execute(String sql) throws IOException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException("the PostgreSQL of " + VARIABLE + " refuses: " + sql, e);
    }
  }

  @Override
  public void close() throws IOException {
    execute("DROP SCHEMA " + name + " CASCADE");
  }
}
