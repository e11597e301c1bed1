// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "check",
    headerHeading = "Example:%n  lwm2m-creds store check --store sqlite:fleet.db%n%n",
    description =
        "Open every key of a store, and report keys that do not open, keys that several devices"
            + " share, and other damage.")
final class StoreCheckCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      AtomicLong findings = new AtomicLong();
      long looked = pass(store::check, store.size(), findings);
      pass(store::findSharedKeys, store.size(), findings);
      printSum(looked, findings.get());
      return findings.get() == 0 ? ExitCode.DONE : ExitCode.FINDINGS;
    }
  }

  /** Goes through all credentials; returns how many that were. */
  private long pass(Pass pass, long size, AtomicLong findings) {
    Progress progress = new Progress("credentials", size, streams);
    long looked =
        pass.run(
            finding -> {
              findings.incrementAndGet();
              progress.clear();
              print(finding);
            },
            progress);
    progress.clear();
    return looked;
  }

  private interface Pass {
    long run(Consumer<StoreFinding> report, LongConsumer progress);
  }

  private void printSum(long credentials, long findings) {
    streams
        .out()
        .println(
            format.isJson()
                ? JsonLine.of(
                    JsonLine.object().put("credentials", credentials).put("findings", findings))
                : "credentials: "
                    + credentials
                    + ", findings: "
                    + (findings == 0 ? "none" : findings));
  }

  private void print(StoreFinding finding) {
    if (format.isJson()) {
      streams.out().println(JsonLine.of(ReportJson.of(finding)));
      return;
    }
    String whose = finding.endpoint().isEmpty() ? "" : Printable.escape(finding.endpoint()) + ": ";
    streams.out().println(whose + finding.problem());
  }
}
