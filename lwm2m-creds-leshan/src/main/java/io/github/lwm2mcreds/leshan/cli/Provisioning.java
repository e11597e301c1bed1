// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.rest.EntryComparison;
import io.github.lwm2mcreds.leshan.rest.EntryComparison.Outcome;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Sends credentials to a server that was asked what it holds; a row for each on the way. */
final class Provisioning {
  private static final String NOT_SENT = "not sent";

  private final LeshanSecurityApi api;
  private final boolean replace;
  private final boolean asJson;
  private final Streams streams;
  private final Consumer<CommandException> report;

  /**
   * Describes what to do.
   *
   * @param replace whether to replace what is different on the server
   * @param asJson whether the rows are for programs
   * @param report told of a device that fails alone
   */
  Provisioning(
      LeshanSecurityApi api,
      boolean replace,
      boolean asJson,
      Streams streams,
      Consumer<CommandException> report) {
    this.api = api;
    this.replace = replace;
    this.asJson = asJson;
    this.streams = streams;
    this.report = report;
  }

  /** What is to be done with a credential. */
  private record Step(DeviceCredential credential, EntryComparison comparison) {
    Outcome outcome() {
      return comparison.outcome();
    }

    String row(String action) {
      return StoreRow.of(credential, ComparisonText.of(comparison) + "  " + action);
    }

    String json(String action) {
      return JsonLine.of(ReportJson.of(credential, comparison, action));
    }
  }

  /** Sends nothing if anything is refused; returns the exit code. */
  int run(List<DeviceCredential> credentials, boolean dryRun) throws CommandException {
    List<Step> steps = compare(credentials);
    refuseDifferent(steps);
    if (dryRun) {
      steps.forEach(step -> print(step, "would be " + action(step)));
      return ExitCode.DONE;
    }
    return send(steps);
  }

  private List<Step> compare(List<DeviceCredential> credentials) throws CommandException {
    try {
      List<EntryComparison> comparisons = api.compare(credentials);
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < credentials.size(); i++) {
        steps.add(new Step(credentials.get(i), comparisons.get(i)));
      }
      return steps;
    } catch (SecurityApiException e) {
      throw e.reason() == SecurityApiException.Reason.UNREMOVABLE
          ? CommandException.refused(e.getMessage() + " (--allow-unremovable)", e)
          : CommandException.failed(e.getMessage(), e);
    }
  }

  private void refuseDifferent(List<Step> steps) throws CommandException {
    List<String> reasons = new ArrayList<>();
    String ofAll = " of the " + steps.size() + " endpoints";
    long different = count(steps, outcome -> outcome.replaces() && !replace);
    if (different > 0) {
      reasons.add(
          "the server has another credential for "
              + different
              + ofAll
              + " (--replace replaces it)");
    }
    long taken = count(steps, outcome -> outcome == Outcome.IDENTITY_IN_USE);
    if (taken > 0) {
      reasons.add(
          "another endpoint on the server has the PSK identity of "
              + taken
              + ofAll
              + "; remove that endpoint first");
    }
    if (!reasons.isEmpty()) {
      steps.forEach(step -> print(step, isRefused(step.outcome()) ? "refused" : NOT_SENT));
      throw CommandException.refused("nothing was sent: " + String.join("; and ", reasons));
    }
  }

  private static long count(List<Step> steps, Predicate<Outcome> which) {
    return steps.stream().map(Step::outcome).filter(which).count();
  }

  private boolean isRefused(Outcome outcome) {
    return outcome == Outcome.IDENTITY_IN_USE || outcome.replaces() && !replace;
  }

  private int send(List<Step> steps) throws CommandException {
    int exitCode = ExitCode.DONE;
    for (int i = 0; i < steps.size(); i++) {
      try {
        if (!send(steps.get(i))) {
          exitCode = ExitCode.FAILED;
        }
      } catch (SecurityApiException e) { // the next one would fail too
        steps.subList(i + 1, steps.size()).forEach(step -> print(step, NOT_SENT));
        throw CommandException.failed(e.getMessage(), e);
      }
    }
    return exitCode;
  }

  /** Sends one credential; throws only what would stop the others too. */
  private boolean send(Step step) throws SecurityApiException {
    if (step.outcome() == Outcome.SAME) {
      print(step, action(step));
      return true;
    }
    try {
      api.put(step.credential());
      print(step, action(step));
      return true;
    } catch (SecurityApiException e) {
      print(step, "failed");
      switch (e.reason()) {
        case UNSENDABLE, UNREMOVABLE, IDENTITY_IN_USE, REJECTED -> {
          report.accept(CommandException.failed(e.getMessage(), e));
          return false;
        }
        default -> throw e;
      }
    }
  }

  private static String action(Step step) {
    return switch (step.outcome()) {
      case SAME -> "left alone";
      case NEW, NOT_SHOWN -> "sent";
      default -> "replaced";
    };
  }

  private void print(Step step, String action) {
    streams.out().println(asJson ? step.json(action) : step.row(action));
  }
}
