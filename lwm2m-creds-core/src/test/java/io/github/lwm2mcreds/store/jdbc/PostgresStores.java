// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.seal.TestKeys;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Stores in the PostgreSQL server of the tests, in a schema each. */
public final class PostgresStores implements AutoCloseable {
  private static String database;
  private static int schemas;

  private final List<AutoCloseable> open = new ArrayList<>();

  public JdbcCredentialStore newStore(KeyPolicy keyPolicy) {
    return opened(describe(newUrl()).keyPolicy(keyPolicy).create());
  }

  /** The URL of an empty schema. */
  public static synchronized String newUrl() {
    if (database == null) {
      database = TestPostgres.shared().newDatabase();
    }
    String schema = "s" + ++schemas;
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + schema);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return database + "&currentSchema=" + schema;
  }

  public static JdbcStoreBuilder describe(String url) {
    return JdbcCredentialStore.url(url).keyWrapper(TestKeys.wrapper(7));
  }

  public <T extends AutoCloseable> T opened(T store) {
    open.add(store);
    return store;
  }

  @Override
  public void close() {
    try {
      for (int i = open.size() - 1; i >= 0; i--) {
        open.get(i).close();
      }
      open.clear();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
