// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "store",
    headerHeading = "Example:%n  lwm2m-creds store init --store sqlite:fleet.db%n%n",
    description =
        "Keep a fleet's credentials in SQLite or PostgreSQL; running servers follow each change.")
final class StoreCommand {
  @ParentCommand private Main main;

  static final List<Class<?>> COMMANDS =
      List.of(
          StoreInitCommand.class,
          StoreAddCommand.class,
          StoreImportCommand.class,
          StoreExportCommand.class,
          StoreListCommand.class,
          StoreShowCommand.class,
          StoreRemoveCommand.class,
          StoreRevokeCommand.class,
          StoreRotateCommand.class,
          StoreAuditCommand.class,
          StoreResealCommand.class,
          StoreCheckCommand.class);

  private StoreCommand() {}

  /** Reports what fails alone, and returns its exit code. */
  int report(String command, CommandException e) {
    return main.report("store " + command, e);
  }
}
