package io.github.lwm2mcreds.leshan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "store",
    description =
        "Keep the credentials of a fleet in SQLite or PostgreSQL, where running servers follow each"
            + " change.",
    mixinStandardHelpOptions = true)
final class StoreCommand implements Callable<Integer> {
  private final Streams streams;

  private StoreCommand(Streams streams) {
    this.streams = streams;
  }

  static CommandLine line(Streams streams) {
    return new CommandLine(new StoreCommand(streams))
        .addSubcommand(new StoreInitCommand(streams))
        .addSubcommand(new StoreAddCommand(streams))
        .addSubcommand(new StoreListCommand(streams))
        .addSubcommand(new StoreShowCommand(streams))
        .addSubcommand(new StoreRemoveCommand(streams))
        .addSubcommand(new StoreRevokeCommand(streams))
        .addSubcommand(new StoreRotateCommand(streams))
        .addSubcommand(new StoreAuditCommand(streams))
        .addSubcommand(new StoreResealCommand(streams))
        .addSubcommand(new StoreCheckCommand(streams));
  }

  /** Called where no command of the store's is given. */
  @Override
  public Integer call() {
    streams.err().println("store: no command given (try --help)");
    return ExitCode.REFUSED;
  }
}
