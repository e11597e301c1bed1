package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "audit",
    description = "Show who changed a store, how, and when, the oldest change first.",
    mixinStandardHelpOptions = true)
final class StoreAuditCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--after",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Leave out the changes up to this number.")
  private long after;

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "Show the changes of this endpoint only.")
  private String endpoint;

  @Option(
      names = "--format",
      paramLabel = "text|csv|json",
      defaultValue = "text",
      description = "For people, for spreadsheets, or a JSON object a line. Default: text.")
  private AuditFormat format;

  @Mixin private StoreOption storeOption;

  StoreAuditCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOption.open(streams);
        Stream<AuditEntry> entries = store.audit(after)) {
      format.head().ifPresent(streams.out()::println);
      Iterator<AuditEntry> all =
          entries.filter(entry -> endpoint == null || endpoint.equals(entry.endpoint())).iterator();
      while (!streams.out().checkError() && all.hasNext()) {
        streams.out().println(format.row(all.next()));
      }
      return ExitCode.DONE;
    }
  }
}
