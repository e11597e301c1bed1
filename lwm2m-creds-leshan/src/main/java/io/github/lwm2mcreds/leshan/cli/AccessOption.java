// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.provisioning.AccessList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The access file that a command works on. */
final class AccessOption {
  @Option(
      names = "--file",
      required = true,
      paramLabel = "FILE",
      description =
          "The access file, such as fleet.db.access beside fleet.db, where 'serve' looks for it.")
  private Path file;

  Path file() {
    return file;
  }

  /** Reads the file. */
  AccessList read() throws CommandException {
    try {
      return AccessList.read(file);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(e.getMessage(), e);
    } catch (IOException e) {
      throw Rights.reading(file, e);
    }
  }

  /** Reads the file; nobody has access if it is not there yet. */
  AccessList readOrBegin() throws CommandException {
    return Files.exists(file) ? read() : AccessList.empty();
  }

  void write(AccessList list) throws CommandException {
    try {
      list.write(file);
    } catch (IOException e) {
      throw Rights.writing(file, e);
    }
  }
}
