package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
      boolean hadCredential = store.revoke(endpoint, reason);
      streams
          .out()
          .println(
              format.isJson()
                  ? JsonLine.of(
                      JsonLine.object().put("endpoint", endpoint).put("outcome", "revoked"))
                  : "revoked " + Printable.escape(endpoint));
      if (!hadCredential && !unknown) {
        streams.warn("it had no credential");
      }
      return ExitCode.DONE;
    }
  }

  private void requireKnown(JdbcCredentialStore store) throws CommandException {
    if (store.hasCredential(endpoint) || store.findRevocation(endpoint).isPresent()) {
      return;
    }
    SimilarNames similar = new SimilarNames(endpoint);
    if (hasHistory(store, similar)) {
      return;
    }
    String guess =
        similar.nearest().stream()
            .filter(store::hasCredential)
            .map(StoreRow::quoted)
            .collect(Collectors.joining(" or "));
    throw CommandException.refused(
        StoreRow.quoted(endpoint)
            + " was never in "
            + storeOptions.address()
            + "; "
            + (guess.isEmpty() ? "nothing" : "did you mean " + guess + "? Nothing")
            + " was revoked (--unknown revokes it all the same)");
  }

  /** Looks through the audit trail, and offers the other names in it. */
  private boolean hasHistory(JdbcCredentialStore store, SimilarNames similar) {
    try (Stream<AuditEntry> history = store.audit(0)) {
      return history
          .map(AuditEntry::endpoint)
          .anyMatch(
              name -> {
                similar.offer(name);
                return name.equals(endpoint);
              });
    }
  }
}
