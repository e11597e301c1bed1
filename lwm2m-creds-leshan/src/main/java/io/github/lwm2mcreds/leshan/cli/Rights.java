// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.internal.MissingRight;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** Failures to use a file, with the right that is missing, if that is why. */
final class Rights {
  private Rights() {}

  static CommandException reading(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return CommandException.refused(InputFile.name(file) + ": no such file", e);
    }
    String why = MissingRight.toRead(file).orElseGet(() -> reason(e));
    return CommandException.failed(InputFile.name(file) + ": cannot be read: " + why, e);
  }

  static CommandException writing(Path file, IOException e) {
    String why =
        (PrivateFile.isDevice(file) ? MissingRight.toWrite(file) : MissingRight.toMake(file))
            .orElseGet(() -> reason(e));
    return CommandException.failed(InputFile.name(file) + ": cannot be written: " + why, e);
  }

  /**
   * Returns why something failed. Of a message only what is known is told: it may hold anything.
   */
  static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left on device")) {
      return "there is no space left";
    }
    if (message.contains("Disk quota exceeded")) {
      return "the disk quota is used up";
    }
    return e instanceof ZipException ? "it is not a whole zip file" : e.getClass().getSimpleName();
  }

  /** Returns why a file, or one that the exception names, can be neither read nor written. */
  static String reason(Path file, IOException e) {
    if (!(e instanceof FileSystemException) && !(e instanceof FileNotFoundException)) {
      return reason(e);
    }
    boolean isNamed = e instanceof FileSystemException known && known.getFile() != null;
    Path at = isNamed ? Path.of(((FileSystemException) e).getFile()) : file;
    return MissingRight.toRead(at).or(() -> MissingRight.toMake(at)).orElseGet(() -> reason(e));
  }
}
