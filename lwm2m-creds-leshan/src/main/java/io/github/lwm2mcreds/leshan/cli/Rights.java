package io.github.lwm2mcreds.leshan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the user of this process may do with a file, in words. */
final class Rights {
  /** Belongs to the user of the process, whom no system property names in a container. */
  private static final Path PROCESS = Path.of("/proc/self");

  private Rights() {}

  /** Returns the name of the user as whom this process runs, or the number of one without. */
  static String user() {
    try {
      return Files.getOwner(PROCESS).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name", "?");
    }
  }

  static CommandException reading(Path file, IOException e) {
    return CommandException.failed(
        InputFile.name(file) + ": cannot be read: " + e.getClass().getSimpleName(), e);
  }
}
