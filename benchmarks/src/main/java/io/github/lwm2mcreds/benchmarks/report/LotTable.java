// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The table of the steps that a lot goes through: the median of their rounds, and the extremes. */
final class LotTable {
  static final String HEAD = "| step | devices | a second | slowest | fastest | CPU a device, µs |";

  private LotTable() {}

  static Stream<String> rows(JsonNode file) {
    return file.get("results").properties().stream()
        .map(step -> row(step.getKey(), step.getValue()));
  }

  private static String row(String step, JsonNode rounds) {
    int devices = rounds.get(0).get("devices").asInt();
    double[] seconds = sorted(rounds, "seconds");
    double[] cpuSeconds = sorted(rounds, "cpuSeconds");
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.0f | %.0f | %.0f | %.1f |",
        step,
        devices,
        devices / seconds[seconds.length / 2],
        devices / seconds[seconds.length - 1],
        devices / seconds[0],
        cpuSeconds[cpuSeconds.length / 2] * 1e6 / devices);
  }

  private static double[] sorted(JsonNode rounds, String name) {
    double[] values =
        StreamSupport.stream(rounds.spliterator(), false)
            .mapToDouble(round -> round.get(name).asDouble())
            .toArray();
    Arrays.sort(values);
    return values;
  }
}
