// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "audit",
    headerHeading =
        "Example:%n  lwm2m-creds store audit --endpoint sensor-1 --store sqlite:fleet.db%n%n",
    description = {
      "Show who changed a store, how and when, oldest change first.",
      "With --verify, find out instead whether the history is complete and unaltered."
    })
final class StoreAuditCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Option(
      names = "--after",
      paramLabel = "NUMBER",
      description = "Show only the changes after this number.")
  private Long after; // null for all

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "Show only the changes of this endpoint.")
  private String endpoint;

  @Option(
      names = "--format",
      paramLabel = "text|csv|json",
      defaultValue = "text",
      description =
          "For people, for spreadsheets, or one JSON object per line. Default: ${DEFAULT-VALUE}.")
  private AuditFormat format;

  @ArgGroup(validate = false, heading = "%nWhether the history is as it was:%n")
  private final HistoryOptions history = new HistoryOptions();

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    if (history.isAsked()) {
      requireWholeHistory();
    }
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      return history.isAsked()
          ? history.run(store, new HistoryReport(streams, format == AuditFormat.JSON))
          : list(store);
    }
  }

  private void requireWholeHistory() throws CommandException {
    if (after != null || endpoint != null) {
      throw CommandException.refused(
          "--verify, --checkpoint and --save-checkpoint look at the whole history: leave out "
              + (after != null ? "--after" : "--endpoint"));
    }
    if (format == AuditFormat.CSV) {
      throw CommandException.refused(
          "--verify, --checkpoint and --save-checkpoint report in --format text or json");
    }
  }

  private int list(JdbcCredentialStore store) {
    try (Stream<AuditEntry> entries = store.audit(after == null ? 0 : after)) {
      format.head().ifPresent(streams.out()::println);
      Iterator<AuditEntry> all =
          entries.filter(entry -> endpoint == null || endpoint.equals(entry.endpoint())).iterator();
      boolean isEmpty = !all.hasNext();
      while (!streams.out().checkError() && all.hasNext()) {
        streams.out().println(format.row(all.next()));
      }
      if (isEmpty && endpoint != null) {
        warnOfNothing(store);
      }
      return ExitCode.DONE;
    }
  }

  private void warnOfNothing(JdbcCredentialStore store) {
    streams.warn(
        "there is no change of "
            + StoreRow.quoted(endpoint)
            + (after == null ? "" : " after " + after)
            + EndpointNeighbours.of(store, endpoint));
  }
}
