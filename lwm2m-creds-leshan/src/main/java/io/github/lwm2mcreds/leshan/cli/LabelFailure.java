// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.label.LabelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What goes wrong with labels, as the user of a command sees it. */
final class LabelFailure {
  private LabelFailure() {}

  /** Returns the refusal to write labels; empty if something else is wrong. */
  static Optional<CommandException> of(Path labels, IOException e) {
    return e instanceof LabelException
        ? Optional.of(CommandException.refused(InputFile.name(labels) + ": " + e.getMessage(), e))
        : Optional.empty();
  }
}
