// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.fleet;

import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.eclipse.leshan.servers.security.SecurityInfo;

/** A temporary folder with stores on disk. */
public final class Folder implements AutoCloseable {
  /**
   * The environment variable with a folder for filled stores, which later runs only read. Whoever
   * sets it deletes the folder.
   */
  private static final String FLEETS = "LWM2M_CREDS_FLEETS";

  private final Path path;
  private final boolean shared;

  public Folder() throws IOException {
    this(Files.createTempDirectory("lwm2m-creds-benchmark"), false);
  }

  private Folder(Path path, boolean shared) {
    this.path = path;
    this.shared = shared;
  }

  /** Returns a folder that is there, and stays when this object is closed. */
  public static Folder at(Path path) {
    return new Folder(path, true);
  }

  /** Returns a folder that is there, and is deleted when this object is closed. */
  public static Folder owning(Path path) {
    return new Folder(path, false);
  }

  /** Returns a folder with a fleet in SQLite, which is only to be read. */
  public static Folder ofFleet(int devices) throws IOException {
    String fleets = System.getenv(FLEETS);
    if (fleets == null) {
      Folder folder = new Folder();
      folder.sqlite(devices).close();
      return folder;
    }
    Path path = Path.of(fleets, "fleet-" + devices);
    if (!Files.exists(path)) {
      Folder filled = new Folder(Files.createTempDirectory(Path.of(fleets), "filling"), true);
      filled.sqlite(devices).close();
      Files.move(filled.path, path, StandardCopyOption.ATOMIC_MOVE);
    }
    return new Folder(path, true);
  }

  public JdbcCredentialStore openSqlite() {
    return JdbcCredentialStore.sqlite(sqliteFile()).open();
  }

  public Path sqliteFile() {
    return path.resolve("store.db");
  }

  public JdbcCredentialStore sqlite(int fleet) {
    JdbcCredentialStore store = JdbcCredentialStore.sqlite(sqliteFile()).create();
    new Fleet(fleet).importInto(store);
    return store;
  }

  /**
   * Writes what Leshan's {@code FileSecurityStore} would have written after adding a fleet one by
   * one, which would take it hours.
   */
  public Path leshanFile(int fleet) throws IOException {
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
    if (shared) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
