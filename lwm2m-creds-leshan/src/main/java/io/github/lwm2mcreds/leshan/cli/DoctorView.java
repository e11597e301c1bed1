// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.FleetFinding;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints what the doctor found: what was measured, then the findings, the worst first. */
final class DoctorView {
  private static final int SHOWN = 10;

  private final Streams streams;
  private final boolean asJson;

  DoctorView(Streams streams, boolean asJson) {
    this.streams = streams;
    this.asJson = asJson;
  }

  void print(DoctorReport report) {
    report.claims().forEach(this::print);
    report.findings().forEach(this::print);
    long counted = report.findings().size();
    println(
        asJson
            ? JsonLine.of(JsonLine.object().put("findings", counted))
            : "findings: " + (counted == 0 ? "none" : counted));
  }

  private void print(DoctorClaim claim) {
    if (asJson) {
      ObjectNode object = JsonLine.object().put("claim", claim.id());
      object.set("result", claim.result());
      println(JsonLine.of(object));
      return;
    }
    println(claim.id());
    claim
        .result()
        .properties()
        .forEach(
            field -> {
              String value =
                  field.getValue().isTextual()
                      ? field.getValue().asText()
                      : JsonLine.text(field.getValue());
              println("  " + Printable.escape(field.getKey() + ": " + value));
            });
  }

  private void print(FleetFinding finding) {
    if (asJson) {
      ObjectNode object =
          JsonLine.object()
              .put("finding", finding.code())
              .put("severity", finding.severity().name())
              .put("problem", finding.problem())
              .put("advice", finding.advice())
              .put("endpointCount", finding.endpoints().size());
      finding.endpoints().forEach(object.putArray("endpoints")::add);
      println(JsonLine.of(object));
      return;
    }
    println(
        finding.severity().name().toLowerCase(Locale.ROOT)
            + ": "
            + whose(finding)
            + finding.problem()
            + "; "
            + finding.advice()
            + " ["
            + finding.code()
            + "]");
  }

  private static String whose(FleetFinding finding) {
    int count = finding.endpoints().size();
    if (count == 0) {
      return "";
    }
    String names =
        finding.endpoints().stream()
            .limit(SHOWN)
            .map(StoreRow::quoted)
            .collect(Collectors.joining(", "));
    return count + " endpoint(s), " + names + (count > SHOWN ? " and others, " : ", ");
  }

  private void println(String line) {
    streams.out().println(line);
  }
}
