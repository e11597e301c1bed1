// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files that a command is given to read, whatever they are. */
final class InputFile {
  /**
   * More than the flash of any board holds; what is larger, or has no end, was named by mistake.
   */
  private static final int MAX_SIZE = 64 << 20;

  private InputFile() {}

  static byte[] read(Path file) throws CommandException {
    requireNoFolder(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_SIZE + 1);
      if (content.length > MAX_SIZE) {
        throw CommandException.refused(
            name(file) + ": is larger than 64 MiB, so it is not a file this command reads");
      }
      return content;
    } catch (IOException e) {
      throw Rights.reading(file, e);
    }
  }

  private static void requireNoFolder(Path file) throws CommandException {
    if (Files.isDirectory(file)) {
      throw CommandException.refused(name(file) + ": is a folder, not a file");
    }
  }

  /** Refuses what is missing, or no regular file. */
  static void requireFile(Path file) throws CommandException {
    requireNoFolder(file);
    if (!Files.exists(file)) {
      throw CommandException.refused(name(file) + ": no such file");
    }
  }

  /** Returns the path that a user typed. */
  static Path path(String text) throws CommandException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw CommandException.refused("'" + Printable.escape(text) + "' is not a file name", e);
    }
  }

  /** Returns the name, escaped for a message. */
  static String name(Path file) {
    return Printable.escape(file.toString());
  }
}
