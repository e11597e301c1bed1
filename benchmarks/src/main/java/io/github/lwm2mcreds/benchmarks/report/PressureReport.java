// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What files say of servers under pressure: figures by name, for each server and case. */
enum PressureReport {
  /** Who gets in after others have taken a server's room. */
  CROWDING(
      "| server and crowd | handshakes begun | newcomers that got in | collector, % of the time |",
      "| %s | %,.0f | %.0f of %.0f | %.1f |",
      List.of("begun", "succeeded", "newcomers", "gcPercent"),
      "Newcomers of 50 that get in after a crowd",
      "devices",
      "succeeded"),
  /** Whether a fleet gets in again. */
  POWER_CUT(
      "| server and round | devices that got in | a second | median, ms | p99, ms | server CPU and"
          + " GC, µs | GC, % of it | heap a device, bytes | once quiet |",
      "| %s | %,.0f of %,.0f | %,.0f | %,.1f | %,.1f | %.1f | %.1f | %,.0f | %,.0f |",
      List.of(
          "in",
          "devices",
          "perSecond",
          "medianMillis",
          "p99Millis",
          "serverCpuMicros",
          "gcPercent",
          "heapBytes",
          "quietHeapBytes"),
      "Devices that get in after a power cut",
      "a second",
      "perSecond"),
  /** What devices notice of a server that is started again. */
  RESTART(
      "| server, and how it ended | devices | answered in their session | handshakes |"
          + " not answered at all | median, ms | slowest, ms |",
      "| %s | %.0f | %.0f | %.0f | %.0f | %,.0f | %,.0f |",
      List.of(
          "devices", "answeredInSession", "handshakes", "lost", "medianMillis", "slowestMillis"),
      "Time from a server's return to a device's answer, median",
      "ms",
      "medianMillis");

  private final String head;
  private final String row;
  private final List<String> figures;
  private final String title;
  private final String unit;
  private final String drawn;

  PressureReport(
      String head, String row, List<String> figures, String title, String unit, String drawn) {
    this.head = head;
    this.row = row;
    this.figures = figures;
    this.title = title;
    this.unit = unit;
    this.drawn = drawn;
  }

  /** Returns the name of the file, its table and its chart. */
  String file() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String head() {
    return head;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  Stream<String> rows(JsonNode file) {
    return file.get("results").properties().stream()
        .map(
            entry -> {
              List<Object> columns = new ArrayList<>();
              columns.add(inWords(entry.getKey()));
              figures.forEach(
                  figure -> columns.add(entry.getValue().path(figure).asDouble(Double.NaN)));
              return String.format(Locale.ROOT, row, columns.toArray()).replace("NaN", "–");
            });
  }

  /** Returns the figure that is drawn, for each server and case. */
  Map<String, Double> bars(JsonNode file) {
    Map<String, Double> bars = new LinkedHashMap<>();
    file.get("results")
        .properties()
        .forEach(
            entry -> bars.put(inWords(entry.getKey()), entry.getValue().path(drawn).asDouble()));
    return bars;
  }

  private static String inWords(String name) {
    return name.replace("LWM2M_CREDS ", "lwm2m-creds, ").replace("LESHAN ", "Leshan, ");
  }
}
