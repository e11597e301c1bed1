package io.github.lwm2mcreds.leshan.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library, which its driver unpacks into a temporary file. The driver deletes
 * the file at a normal end of the process alone, so that each server that is told to stop would
 * leave one behind.
 */
final class SqliteLibrary {
  private static final String FOLDER = "org.sqlite.tmpdir";

  private static boolean loaded;

  private SqliteLibrary() {}

  /** Loads it once a process; where the user has said where it goes, the driver does. */
  static synchronized void load() throws CommandException {
    if (loaded || System.getProperty(FOLDER) != null) {
      return;
    }
    try {
      Path folder = Files.createTempDirectory("lwm2m-creds-sqlite");
      System.setProperty(FOLDER, folder.toString());
      SQLiteJDBCLoader.initialize();
      delete(folder.toFile());
      loaded = true;
    } catch (Exception e) { // as the driver declares it
      throw CommandException.failed(
          "SQLite's library cannot be loaded from the folder for temporary files, "
              + System.getProperty("java.io.tmpdir")
              + ": -Djava.io.tmpdir=FOLDER names another",
          e);
    }
  }

  /** What is loaded stays, though its file goes; where it cannot go, it goes with the process. */
  private static void delete(File file) {
    File[] content = file.listFiles();
    for (File inside : content == null ? new File[0] : content) {
      delete(inside);
    }
    if (!file.delete()) {
      file.deleteOnExit();
    }
  }
}
