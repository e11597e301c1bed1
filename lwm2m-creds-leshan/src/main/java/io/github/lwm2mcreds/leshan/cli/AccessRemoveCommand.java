// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.provisioning.AccessEntry;
import io.github.lwm2mcreds.leshan.provisioning.AccessList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    headerHeading = "Example:%n  lwm2m-creds access remove line-3 --file fleet.db.access%n%n",
    description = "Take somebody's access to the provisioning endpoint away, with the next call.")
final class AccessRemoveCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(
      paramLabel = "NAME",
      description = "The token's name or the certificate's subject, as 'access list' shows it.")
  private String name;

  @Mixin private AccessOption access;

  @Override
  public Integer call() throws CommandException {
    access.locked(this::remove);
    return ExitCode.DONE;
  }

  private void remove() throws CommandException {
    AccessList list = access.read();
    List<AccessEntry> named =
        list.entries().stream().filter(entry -> entry.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw CommandException.refused(
          "'" + Printable.escape(name) + "' has no access; 'access list' shows who has");
    }
    for (AccessEntry entry : named) {
      list = list.without(entry);
    }
    access.write(list);
  }
}
