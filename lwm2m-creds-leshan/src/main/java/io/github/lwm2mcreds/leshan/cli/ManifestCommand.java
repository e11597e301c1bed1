// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "manifest",
    headerHeading = "Example:%n  lwm2m-creds manifest inspect lot.csv%n%n",
    description =
        "Hand a lot of credentials over from factory to server: check, seal, open, sign for it,"
            + " label its devices.")
final class ManifestCommand {
  static final List<Class<?>> COMMANDS =
      List.of(
          ManifestInspectCommand.class,
          ManifestVerifyCommand.class,
          ManifestSealCommand.class,
          ManifestOpenCommand.class,
          ManifestReceiptCommand.class,
          ManifestLabelsCommand.class);

  private ManifestCommand() {}
}
