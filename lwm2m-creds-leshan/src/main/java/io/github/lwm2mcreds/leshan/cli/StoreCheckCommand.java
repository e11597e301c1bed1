package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "check",
    headerHeading = "Example:%n  lwm2m-creds store check --store sqlite:fleet.db%n%n",
    description = "Open every key of a store, and report keys that do not open and other damage.")
final class StoreCheckCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      AtomicLong findings = new AtomicLong();
      long looked =
          store.check(
              finding -> {
                findings.incrementAndGet();
                print(finding);
              },
              new Progress(store.size(), streams));
      streams
          .out()
          .println(
              "credentials: "
                  + looked
                  + ", findings: "
                  + (findings.get() == 0 ? "none" : findings));
      return findings.get() == 0 ? ExitCode.DONE : ExitCode.FINDINGS;
    }
  }

  private void print(StoreFinding finding) {
    String whose = finding.endpoint().isEmpty() ? "" : Printable.escape(finding.endpoint()) + ": ";
    streams.out().println(whose + finding.problem());
  }
}
