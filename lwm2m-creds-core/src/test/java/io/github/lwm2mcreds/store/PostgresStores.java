package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Stores in the PostgreSQL server of the tests, in a schema each. */
final class PostgresStores implements AutoCloseable {
  private static String database;
  private static int schemas;

  private final List<AutoCloseable> open = new ArrayList<>();

  JdbcCredentialStore newStore(KeyPolicy keyPolicy) {
    return opened(describe(newUrl()).keyPolicy(keyPolicy).create());
  }

  /** The URL of an empty schema. */
  static synchronized String newUrl() {
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

  static JdbcStoreBuilder describe(String url) {
    return JdbcCredentialStore.url(url)
        .keyWrapper(new SecretKeyWrapper(TestKeys.aes(7), null, "the tests' key"));
  }

  <T extends AutoCloseable> T opened(T store) {
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
