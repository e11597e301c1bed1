// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    headerHeading = "Example:%n  lwm2m-creds store remove sensor-1 --store sqlite:fleet.db%n%n",
    description =
        "Remove the credential of an endpoint, and end its sessions; it may be added again.")
final class StoreRemoveCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(paramLabel = "ENDPOINT", description = "The device's endpoint.")
  private String endpoint;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      Optional<CredentialSummary> found = StoredCredential.find(store, endpoint);
      if (!store.remove(endpoint)) {
        throw CommandException.refused(
            StoreRow.quoted(endpoint)
                + " has no credential to remove"
                + EndpointNeighbours.of(store, endpoint));
      }
      streams.out().println(format.isJson() ? json(found) : row(found));
      return ExitCode.DONE;
    }
  }

  private String json(Optional<CredentialSummary> found) {
    return JsonLine.of(ReportJson.of(endpoint, found).put("outcome", "removed"));
  }

  private String row(Optional<CredentialSummary> found) {
    return found
        .map(credential -> StoreRow.of(credential, "removed"))
        .orElse(StoreRow.quoted(endpoint) + " was removed");
  }
}
