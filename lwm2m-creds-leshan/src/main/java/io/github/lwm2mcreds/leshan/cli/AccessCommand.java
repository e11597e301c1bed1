// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "access",
    headerHeading =
        "Example:%n  lwm2m-creds access add line-3 --role factory --file fleet.db.access%n%n",
    description =
        "Say who may call the provisioning endpoint of 'serve --provisioning-port', and what each"
            + " may do. A server takes each change up at once.")
final class AccessCommand {
  static final List<Class<?>> COMMANDS =
      List.of(AccessAddCommand.class, AccessListCommand.class, AccessRemoveCommand.class);

  private AccessCommand() {}
}
