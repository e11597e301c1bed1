package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    description =
        "Take an endpoint's credential away, and end its sessions; it may be added again.",
    mixinStandardHelpOptions = true)
final class StoreRemoveCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "ENDPOINT", description = "The device's endpoint.")
  private String endpoint;

  @Mixin private StoreOption storeOption;

  StoreRemoveCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOption.open(streams)) {
      DeviceCredential removed =
          store
              .remove(endpoint)
              .orElseThrow(
                  () ->
                      CommandException.refused(
                          StoreRow.quoted(endpoint) + " has no credential to remove"));
      streams.out().println(StoreRow.of(removed, "removed"));
      removed.destroy();
      return ExitCode.DONE;
    }
  }
}
