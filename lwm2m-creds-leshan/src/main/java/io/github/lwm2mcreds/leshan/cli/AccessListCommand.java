// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.provisioning.AccessEntry;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    headerHeading = "Example:%n  lwm2m-creds access list --file fleet.db.access%n%n",
    description = "List who may call the provisioning endpoint; a row each.")
final class AccessListCommand implements Callable<Integer> {
  @Mixin private Streams streams;
  @Mixin private AccessOption access;
  @Mixin private FormatOption format;

  @Override
  public Integer call() throws CommandException {
    for (AccessEntry entry : access.read().entries()) {
      streams.out().println(format.isJson() ? json(entry) : row(entry));
    }
    return ExitCode.DONE;
  }

  private static String row(AccessEntry entry) {
    return String.format(
        Locale.ROOT,
        "%-8s  %-11s  %s",
        entry.role().id(),
        kind(entry),
        Printable.escape(entry.name()));
  }

  private static String json(AccessEntry entry) {
    return JsonLine.of(
        JsonLine.object()
            .put("role", entry.role().id())
            .put("kind", kind(entry))
            .put("name", entry.name()));
  }

  private static String kind(AccessEntry entry) {
    return entry.kind().name().toLowerCase(Locale.ROOT);
  }
}
