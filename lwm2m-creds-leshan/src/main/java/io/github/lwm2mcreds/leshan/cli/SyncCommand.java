// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException;
import io.github.lwm2mcreds.leshan.rest.ServerSync;
import io.github.lwm2mcreds.leshan.rest.SyncPlan;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "sync",
    headerHeading =
        "Example:%n  lwm2m-creds sync --store sqlite:fleet.db --server"
            + " https://leshan.example:8443%n%n",
    description = {
      "Bring a running Leshan server, which has a security store of its own, to a store's state.",
      "What the store has is added, and replaces another key or PSK identity. A revoked endpoint is"
          + " removed, whatever the server has for it; if Leshan's API cannot remove its name, it"
          + " gets a random key. What was removed from the store is removed"
          + " if the server has just that credential. All else on the server stays and is listed.",
      "During a rotation both keys are good, and the server can hold one: it keeps the one it has,"
          + " and gets the current one if it has neither. It gets the next one once the rotation"
          + " has ended in the store.",
      "A row for each device; code 3 if one could not be brought to the store's state. A run that"
          + " was stopped is finished by the next."
    })
final class SyncCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Option(
      names = "--dry-run",
      description = "Compare with the server and show what would be done, but change nothing.")
  private boolean dryRun;

  @Option(
      names = "--delete-unknown",
      description =
          "Remove pre-shared keys from the server that the store never had, too. Other security"
              + " modes stay.")
  private boolean deleteUnknown;

  @Option(
      names = "--allow-unremovable",
      description =
          "Send endpoints such as 'a//b' or 'a%%b' too, which Leshan's API cannot remove again.")
  private boolean allowUnremovable;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "4",
      description = "Requests under way at a time, 1 to 64. Default: ${DEFAULT-VALUE}.")
  private int parallel;

  @Option(names = "--summary", description = "Show no rows of devices that are unchanged.")
  private boolean summary;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = ServerOptions.HEADING)
  private ServerOptions server = new ServerOptions();

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    LeshanSecurityApi api = server.api(allowUnremovable, streams);
    try (JdbcCredentialStore store = storeOptions.open(streams)) {
      ServerSync sync = sync(api, store);
      SyncPlan plan = plan(sync);
      SyncReport report = new SyncReport(plan, format.isJson(), summary, streams);
      if (dryRun) {
        report.foresee();
      } else {
        report.printUntouched();
        carryOut(sync, plan, report);
      }
      report.printSum();
      return report.hasFindings() ? ExitCode.FINDINGS : ExitCode.DONE;
    }
  }

  private ServerSync sync(LeshanSecurityApi api, JdbcCredentialStore store)
      throws CommandException {
    try {
      ServerSync.Builder builder = ServerSync.builder(api, store).parallel(parallel);
      return (deleteUnknown ? builder.deleteUnknown() : builder).build();
    } catch (IllegalArgumentException e) {
      throw CommandException.refused("bad value for --parallel N: " + e.getMessage(), e);
    }
  }

  private static SyncPlan plan(ServerSync sync) throws CommandException {
    try {
      return sync.plan();
    } catch (SecurityApiException e) {
      boolean isSlow = e.reason() == SecurityApiException.Reason.TIMEOUT;
      throw CommandException.failed(
          e.getMessage() + "; nothing was changed" + (isSlow ? " (--timeout gives it longer)" : ""),
          e);
    }
  }

  private void carryOut(ServerSync sync, SyncPlan plan, SyncReport report) throws CommandException {
    Progress progress = new Progress("devices", plan.changes(), streams);
    try {
      sync.carryOut(
          plan,
          result -> {
            progress.clear(); // a row is not to stand behind it
            report.print(result);
            if (!quiet) {
              progress.accept(report.told());
            }
          });
    } catch (SecurityApiException e) {
      throw CommandException.failed(
          e.getMessage()
              + "; "
              + report.told()
              + " of "
              + plan.changes()
              + " changes were tried, and the same command does the rest",
          e);
    } finally {
      progress.clear();
    }
  }
}
