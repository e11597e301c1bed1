package io.github.lwm2mcreds.benchmarks;

import io.github.lwm2mcreds.store.JdbcCredentialStore;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.eclipse.leshan.servers.security.SecurityInfo;

/** A temporary folder with stores on disk. */
final class Folder implements AutoCloseable {
  private final Path path;

  Folder() throws IOException {
    path = Files.createTempDirectory("lwm2m-creds-benchmark");
  }

  Path sqliteFile() {
    return path.resolve("store.db");
  }

  JdbcCredentialStore sqlite(int fleet) {
    JdbcCredentialStore store = JdbcCredentialStore.sqlite(sqliteFile()).create();
    new Fleet(fleet).importInto(store);
    return store;
  }

  /**
   * Writes what Leshan's {@code FileSecurityStore} would have written after adding a fleet one by
   * one, which would take it hours.
   */
  Path leshanFile(int fleet) throws IOException {
    SecurityInfo[] infos = new SecurityInfo[fleet];
    for (int device = 0; device < fleet; device++) {
      infos[device] = Fleet.securityInfo(device);
    }
    Path file = path.resolve("security.data");
    try (OutputStream out = Files.newOutputStream(file);
        ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(infos);
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
