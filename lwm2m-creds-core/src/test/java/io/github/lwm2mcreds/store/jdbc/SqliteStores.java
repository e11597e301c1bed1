// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.seal.KeyRing;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** SQLite stores for tests, in a folder of their own that goes when they are closed. */
public final class SqliteStores implements AutoCloseable {
  private Path folder;
  private final Path key;
  private final List<AutoCloseable> open = new ArrayList<>();
  private int number;

  public SqliteStores() {
    this(null);
  }

  /** With a key file that others have, too; null for one of their own. */
  public SqliteStores(Path key) {
    this.key = key;
  }

  public JdbcCredentialStore newStore(KeyPolicy keyPolicy) {
    return opened(describe(newFile()).keyPolicy(keyPolicy).create());
  }

  public JdbcStoreBuilder describe(Path file) {
    return JdbcCredentialStore.sqlite(file).keyWrapper(keyWrapper());
  }

  /** The same, of a store whose deadlines go by a clock. */
  public JdbcStoreBuilder describe(Path file, Clock clock) {
    return describe(file).clock(clock);
  }

  /** A store that is reached by a data source. */
  public JdbcStoreBuilder describe(DataSource dataSource, Clock clock) {
    return JdbcCredentialStore.dataSource(dataSource).keyWrapper(keyWrapper()).clock(clock);
  }

  /** Gives a store a sealing key with another wrapping key, as a reseal does first. */
  public static void beginMoving(JdbcCredentialStore store, KeyWrapper to) {
    store
        .database()
        .transact(
            session -> {
              new SealingKeys(new KeyRing(to, "store")).makeKey(session, Instant.EPOCH);
              return null;
            });
  }

  /** By default of a key that is in the folder, too. */
  public KeyWrapper keyWrapper() {
    return KeyWrappers.keyFile(key == null ? folder().resolve("key") : key);
  }

  public Path newFile() {
    return folder().resolve("store-" + number++ + ".db");
  }

  public Path folder() {
    try {
      if (folder == null) {
        folder = Files.createTempDirectory("lwm2m-creds-test");
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public <T extends AutoCloseable> T opened(T store) {
    open.add(store);
    return store;
  }

  /** Does to a file what no store would. */
  public static void sql(Path file, String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Path logOf(Path file) {
    return Path.of(file + "-wal");
  }

  @Override
  public void close() {
    try {
      for (int i = open.size() - 1; i >= 0; i--) {
        open.get(i).close();
      }
      open.clear();
      if (folder == null) {
        return;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
      folder = null;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
