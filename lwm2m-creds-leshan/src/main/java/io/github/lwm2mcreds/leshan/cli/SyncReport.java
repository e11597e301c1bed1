// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.SyncPlan;
import io.github.lwm2mcreds.leshan.rest.SyncResult;
import io.github.lwm2mcreds.leshan.rest.SyncStep;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Action;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rows of a synchronisation, a device each, and their sum. */
final class SyncReport {
  private final SyncPlan plan;
  private final boolean asJson;
  private final boolean summary;
  private final Streams streams;
  private final Map<String, Long> counts = new TreeMap<>();
  private long told;
  private boolean hasFindings;

  /**
   * Prepares a report.
   *
   * @param asJson whether the rows are for programs
   * @param summary whether devices that are unchanged have no rows
   */
  SyncReport(SyncPlan plan, boolean asJson, boolean summary, Streams streams) {
    this.plan = plan;
    this.asJson = asJson;
    this.summary = summary;
    this.streams = streams;
  }

  /** Prints all of the plan. */
  void foresee() {
    for (SyncStep step : plan.steps()) {
      String outcome = SyncText.outcome(step.action());
      print(step, step.action().changes() ? "would be " + outcome : outcome, Optional.empty());
    }
  }

  /** Prints what is not changed. */
  void printUntouched() {
    for (SyncStep step : plan.steps()) {
      if (!step.action().changes()) {
        print(step, SyncText.outcome(step.action()), Optional.empty());
      }
    }
  }

  void print(SyncResult result) {
    told++;
    hasFindings |= result.outcome() != SyncResult.Outcome.DONE;
    print(result.step(), SyncText.outcome(result), result.problem());
  }

  /** Returns how many changes were tried. */
  long told() {
    return told;
  }

  boolean hasFindings() {
    return hasFindings;
  }

  void printSum() {
    if (!asJson) {
      StringBuilder text = new StringBuilder();
      counts.forEach(
          (outcome, count) ->
              text.append(text.length() == 0 ? "" : ", ")
                  .append(count)
                  .append(' ')
                  .append(outcome));
      streams.out().println(text.length() == 0 ? "no devices" : text);
    }
  }

  private void print(SyncStep step, String outcome, Optional<String> problem) {
    counts.merge(outcome, 1L, Long::sum);
    hasFindings |= step.action().isFinding();
    if (summary && step.action() == Action.UNCHANGED) {
      return;
    }
    streams.out().println(asJson ? json(step, outcome, problem) : row(step, outcome, problem));
  }

  private static String row(SyncStep step, String outcome, Optional<String> problem) {
    String rest = SyncText.cause(step) + "  " + outcome + problem.map(why -> ": " + why).orElse("");
    return step.stored()
        .map(stored -> StoreRow.of(stored, rest))
        .orElseGet(
            () ->
                StoreRow.padded(step.endpoint())
                    .append(step.checkValue().map(KeyCheckValue::toString).orElse("(no key)"))
                    .append("  ")
                    .append(rest)
                    .toString());
  }

  private static String json(SyncStep step, String outcome, Optional<String> problem) {
    ObjectNode object =
        ReportJson.of(step.endpoint(), step.stored())
            .put("outcome", outcome)
            .put("cause", step.cause().name())
            .put("serverMode", step.mode().map(Enum::name).orElse(null))
            .put("serverPskIdentity", step.pskIdentity().map(PskIdentity::asString).orElse(null))
            .put("serverCheckValue", step.checkValue().map(KeyCheckValue::toString).orElse(null))
            .put("identityOwner", step.identityOwner().orElse(null))
            .put("problem", problem.orElse(null));
    return JsonLine.of(object);
  }
}
