// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.factory.FactoryException;
import java.io.IOException;
import java.nio.file.Path;

/** What goes wrong with a run or a comparison, as the user of a command sees it. */
final class FactoryFailure {
  private FactoryFailure() {}

  static CommandException of(Path file, IOException e) {
    if (e.getCause() instanceof CommandException known) {
      return known;
    }
    if (!(e instanceof FactoryException known)) {
      return ManifestFailure.of(file, e);
    }
    String hint =
        known.reason() == FactoryException.Reason.UNFINISHED_RUN
            ? " (--resume goes on with it)"
            : "";
    return CommandException.refused(InputFile.name(file) + ": " + e.getMessage() + hint, e);
  }
}
