// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.manifest.ManifestException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What goes wrong with a manifest, as the user of a command sees it. */
final class ManifestFailure {
  private ManifestFailure() {}

  static CommandException of(Path file, IOException e) {
    String name = InputFile.name(file) + ": ";
    if (e instanceof ManifestException) {
      return CommandException.refused(name + e.getMessage(), e);
    }
    if (e instanceof NoSuchFileException) {
      return CommandException.refused(name + "no such file or folder", e);
    }
    if (e instanceof FileAlreadyExistsException) {
      return CommandException.refused(name + "already exists; it is not overwritten", e);
    }
    return CommandException.failed(
        name + "cannot be read or written: " + Rights.reason(file, e), e);
  }
}
