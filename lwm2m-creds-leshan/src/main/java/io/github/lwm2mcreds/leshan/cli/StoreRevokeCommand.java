package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description =
        "Take all away that an endpoint has, not to come back, and end its sessions on every"
            + " server.",
    mixinStandardHelpOptions = true)
final class StoreRevokeCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(
      paramLabel = "ENDPOINT",
      description = "The device's endpoint, whether it has a credential or not.")
  private String endpoint;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the audit trail.")
  private String reason;

  @Mixin private StoreOption storeOption;

  StoreRevokeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOption.open(streams)) {
      boolean hadCredential = store.revoke(endpoint, reason);
      streams.out().println("revoked " + Printable.escape(endpoint));
      if (!hadCredential) {
        streams.warn("it had no credential; is the name right?");
      }
      return ExitCode.DONE;
    }
  }
}
