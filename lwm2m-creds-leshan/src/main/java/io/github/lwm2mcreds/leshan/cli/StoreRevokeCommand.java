package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description =
        "Revoke an endpoint for good: remove its credentials, and end its sessions on every"
            + " server.")
final class StoreRevokeCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(
      paramLabel = "ENDPOINT",
      description = "The device's endpoint, with or without a credential.")
  private String endpoint;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Reason, for the audit trail.")
  private String reason;

  @ArgGroup(exclusive = false, multiplicity = "1", heading = StoreOptions.HEADING)
  private StoreOptions storeOptions;

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      boolean hadCredential = store.revoke(endpoint, reason);
      streams.out().println("revoked " + Printable.escape(endpoint));
      if (!hadCredential) {
        streams.warn("it had no credential: is the name right?");
      }
      return ExitCode.DONE;
    }
  }
}
