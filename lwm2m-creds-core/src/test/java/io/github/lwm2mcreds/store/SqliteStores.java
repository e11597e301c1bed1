package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** SQLite stores for tests, in a folder of their own that goes when they are closed. */
final class SqliteStores implements AutoCloseable {
  private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private int number;

  JdbcCredentialStore newStore(KeyPolicy keyPolicy) {
    return opened(describe(newFile()).keyPolicy(keyPolicy).create());
  }

  /** Describes a store whose key is in the folder, too. */
  JdbcStoreBuilder describe(Path file) {
    return JdbcCredentialStore.sqlite(file)
        .keyWrapper(KeyWrappers.keyFile(folder().resolve("key")));
  }

  Path newFile() {
    return folder().resolve("store-" + number++ + ".db");
  }

  Path folder() {
    try {
      if (folder == null) {
        folder = Files.createTempDirectory("lwm2m-creds-test");
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
