// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library, which its driver unpacks into a temporary file. The driver deletes
 * the file only when the process ends normally, so each server that is stopped by a signal would
 * leave one behind.
 */
final class SqliteLibrary {
  private static final String FOLDER = "org.sqlite.tmpdir";

  private static boolean loaded;

  private SqliteLibrary() {}

  /** Loads the library once; leaves it to the driver if the user has chosen the folder. */
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
          "cannot load SQLite's library from the temporary folder "
              + System.getProperty("java.io.tmpdir")
              + ": choose another with -Djava.io.tmpdir=FOLDER",
          e);
    }
  }

  /** Deletes the files now, or else at the end of the process; a loaded library stays loaded. */
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
