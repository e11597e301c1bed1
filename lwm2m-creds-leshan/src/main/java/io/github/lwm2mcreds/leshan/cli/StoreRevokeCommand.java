// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    headerHeading =
        "Example:%n  lwm2m-creds store revoke sensor-1 --reason stolen --store sqlite:fleet.db%n%n",
    description =
        "Revoke an endpoint for good: remove its credentials, and end its sessions on every"
            + " server.")
final class StoreRevokeCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(paramLabel = "ENDPOINT", description = "The device's endpoint.")
  private String endpoint;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Reason, for the audit trail.")
  private String reason;

  @Option(
      names = "--unknown",
      description =
          "Revoke an endpoint that the store never had, such as one whose key is derived. Otherwise"
              + " its name is taken for a mistake.")
  private boolean unknown;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    DeviceCredential.requireEndpoint(endpoint);
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      if (!unknown) {
        requireKnown(store);
      }
      Optional<Revocation> earlier = store.findRevocation(endpoint);
      boolean hadCredential = store.revoke(endpoint, reason);
      streams.out().println(format.isJson() ? JsonLine.of(json(earlier)) : row(earlier));
      if (!hadCredential && !unknown && earlier.isEmpty()) {
        streams.warn("it had no credential");
      }
      return ExitCode.DONE;
    }
  }

  private ObjectNode json(Optional<Revocation> earlier) {
    ObjectNode object =
        JsonLine.object()
            .put("endpoint", endpoint)
            .put("outcome", earlier.isPresent() ? "already revoked" : "revoked");
    earlier.ifPresent(
        revocation ->
            object.put("time", revocation.time().toString()).put("reason", revocation.reason()));
    return object;
  }

  /** Tells since when an endpoint is revoked, and which reason is kept: the first one. */
  private String row(Optional<Revocation> earlier) {
    return "revoked "
        + Printable.escape(endpoint)
        + earlier
            .map(
                revocation ->
                    " already, on "
                        + revocation.time()
                        + (revocation.reason().isEmpty()
                            ? ""
                            : " (" + Printable.escape(revocation.reason()) + ")"))
            .orElse("");
  }

  private void requireKnown(JdbcCredentialStore store) throws CommandException {
    if (store.hasCredential(endpoint)
        || store.findRevocation(endpoint).isPresent()
        || hasHistory(store)) {
      return;
    }
    String guess = EndpointNeighbours.of(store, endpoint);
    throw CommandException.refused(
        StoreRow.quoted(endpoint)
            + " was never in "
            + storeOptions.address()
            + (guess.isEmpty() ? "; nothing" : guess + " Nothing")
            + " was revoked (--unknown revokes it all the same)");
  }

  private boolean hasHistory(JdbcCredentialStore store) {
    try (Stream<AuditEntry> history = store.audit(0)) {
      return history.map(AuditEntry::endpoint).anyMatch(endpoint::equals);
    }
  }
}
