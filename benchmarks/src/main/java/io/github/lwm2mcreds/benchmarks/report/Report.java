// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lwm2mcreds.benchmarks.contest.Contest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Draws the charts and fills in the tables of {@code benchmarks/README.md}, and the one of the
 * project's README, from the result files. Charts and tables without a result file stay as they
 * are.
 */
public final class Report {
  private static final List<String> JDKS = List.of("", "-jdk25");

  private final Path results;
  private final Path charts;

  private Report(Path folder) {
    this.results = folder.resolve("results");
    this.charts = folder.resolve("charts");
  }

  /**
   * Draws all charts and fills in all tables.
   *
   * @param folder the folder of this module, with {@code README.md} and {@code results}
   */
  public static void write(Path folder) throws IOException {
    fillTables(folder);
    new Report(folder).draw();
  }

  static void fillTables(Path folder) throws IOException {
    ReadmeTables own = new ReadmeTables(folder.resolve("README.md"));
    Report report = new Report(folder);
    report.fill(own);
    Optional<Summary> summary = Summary.of(report.results);
    if (summary.isPresent()) {
      ReadmeTables top = new ReadmeTables(folder.resolve("../README.md"));
      top.fill(
          "summary",
          Stream.concat(
              summary.get().table(),
              Stream.of("", source(ResultFile.read(report.results.resolve("peers.json"))))));
      top.write();
      own.fill("estimate", summary.get().estimate());
    }
    own.write();
  }

  private void fill(ReadmeTables readme) throws IOException {
    for (Contest contest : Contest.values()) {
      for (String suffix : JDKS) {
        String name = contest + suffix;
        Optional<JsonNode> file = read(name);
        if (file.isPresent()) {
          readme.fill(name, costTable(file.get()));
        }
      }
    }
    if (read("peers").isPresent()) {
      readme.fill("targets", Targets.table(results));
    }
    Optional<JsonNode> overload = read("overload");
    if (overload.isPresent()) {
      readme.fill("overload", overloadTable(overload.get()));
    }
    for (PressureReport pressure : PressureReport.values()) {
      Optional<JsonNode> file = read(pressure.file());
      if (file.isPresent()) {
        readme.fill(pressure.file(), table(file.get(), pressure.head(), pressure.rows(file.get())));
      }
    }
    Optional<JsonNode> lot = read("lot");
    if (lot.isPresent()) {
      readme.fill("lot", table(lot.get(), LotTable.HEAD, LotTable.rows(lot.get())));
    }
    Optional<JsonNode> memory = read("memory");
    if (memory.isPresent()) {
      readme.fill("memory", memoryTable(memory.get()));
    }
    for (JmhChart chart : JmhChart.values()) {
      Optional<JsonNode> file = read(chart.file());
      if (file.isPresent()) {
        readme.fill(chart.file(), jmhTable(file.get()));
      }
    }
  }

  private void draw() throws IOException {
    Files.createDirectories(charts);
    Optional<JsonNode> peers = read("peers");
    if (peers.isPresent()) {
      Charts.bars(
          charts.resolve("peers.svg"),
          "Server CPU time a handshake, the collector's included",
          "µs",
          serverMicros(peers.get()));
    }
    Optional<JsonNode> overload = read("overload");
    if (overload.isPresent()) {
      Charts.bars(
          charts.resolve("overload.svg"),
          "Handshake latency under a flood, 99th percentile",
          "ms",
          overloadFigures(overload.get()));
    }
    for (PressureReport pressure : PressureReport.values()) {
      Optional<JsonNode> file = read(pressure.file());
      if (file.isPresent()) {
        Charts.bars(
            charts.resolve(pressure.file() + ".svg"),
            pressure.title(),
            pressure.unit(),
            pressure.bars(file.get()));
      }
    }
    Optional<JsonNode> memory = read("memory");
    if (memory.isPresent()) {
      Charts.lines(
          charts.resolve("memory.svg"), "Heap a device", "bytes", memorySeries(memory.get()));
    }
    for (JmhChart chart : JmhChart.values()) {
      Optional<JsonNode> file = read(chart.file());
      if (file.isPresent()) {
        Charts.lines(
            charts.resolve(chart.file() + ".svg"),
            chart.title(),
            chart.unit(),
            chart.series(file.get()));
      }
    }
  }

  private Optional<JsonNode> read(String name) throws IOException {
    Path file = results.resolve(name + ".json");
    return Files.exists(file) ? Optional.of(ResultFile.read(file)) : Optional.empty();
  }

  private static Map<String, Double> serverMicros(JsonNode file) {
    Map<String, Double> figures = new LinkedHashMap<>();
    file.get("results")
        .properties()
        .forEach(
            entry -> {
              JsonNode median = entry.getValue().get("median");
              figures.put(
                  entry.getKey(),
                  median.get("cpuMicros").asDouble() + median.get("gcMicros").asDouble());
            });
    return figures;
  }

  private static Map<String, Double> overloadFigures(JsonNode file) {
    Map<String, Double> figures = new LinkedHashMap<>();
    file.get("results")
        .properties()
        .forEach(
            entry ->
                figures.put(flooded(entry.getKey()), entry.getValue().get("p99Millis").asDouble()));
    return figures;
  }

  /** Returns a server and its flood in words. */
  private static String flooded(String name) {
    return name.replace(" NONE", ", no flood")
        .replace(" UNKNOWN_IDENTITIES", ", unknown identities")
        .replace(" WRONG_KEYS_FROM_MANY_NETWORKS", ", wrong keys from 4096 networks")
        .replace(" WRONG_KEYS", ", wrong keys");
  }

  private static Stream<String> costTable(JsonNode file) {
    Stream<String> rows =
        file.get("results").properties().stream()
            .map(
                entry -> {
                  JsonNode median = entry.getValue().get("median");
                  return String.format(
                      Locale.ROOT,
                      "| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f |",
                      entry.getKey(),
                      median.get("cpuMicros").asDouble() + median.get("gcMicros").asDouble(),
                      median.get("cpuMicros").asDouble(),
                      median.get("gcMicros").asDouble(),
                      processMicros(entry.getValue()),
                      median.get("allocatedKilobytes").asDouble(),
                      median.get("contextSwitches").asDouble(),
                      median.get("handshakesPerSecond").asDouble());
                });
    return table(
        file,
        "| server | CPU and GC, µs | CPU, µs | GC, µs | process, µs | allocated, kB | context"
            + " switches | a second |",
        rows);
  }

  /** Returns the average; older files have the median of the whole process, which hides its GC. */
  static double processMicros(JsonNode server) {
    double sum = 0;
    for (JsonNode round : server.get("rounds")) {
      sum += round.get("processMicros").asDouble();
    }
    return sum / server.get("rounds").size();
  }

  private static Stream<String> overloadTable(JsonNode file) {
    Stream<String> rows =
        file.get("results").properties().stream()
            .map(
                entry -> {
                  JsonNode figures = entry.getValue();
                  return String.format(
                      Locale.ROOT,
                      "| %s | %.0f | %.0f | %.0f of %.0f | %.1f | %.1f | %s | %s | %s | %s |",
                      flooded(entry.getKey()),
                      figures.get("begunPerSecond").asDouble(),
                      figures.get("finishedPerSecond").asDouble(),
                      figures.get("succeeded").asDouble(),
                      figures.get("attempts").asDouble(),
                      figures.get("medianMillis").asDouble(),
                      figures.get("p99Millis").asDouble(),
                      ifKnown(figures, "p99OfQuiet", "%.1f"),
                      figures.path("serversEnded").asInt() > 0
                          ? "ended, out of memory"
                          : ifKnown(figures, "serverCpuPercent", "%.0f"),
                      ifKnown(figures, "heapMegabytes", "%.0f"),
                      ifKnown(figures, "logLines", "%.0f"));
                });
    return table(
        file,
        "| server and flood | begun a second | gone as far as Finished | devices that succeeded |"
            + " median, ms | p99, ms | × no flood | server CPU, % of one | heap, MB | lines logged"
            + " |",
        rows);
  }

  /** Returns a figure that older results lack. */
  private static String ifKnown(JsonNode figures, String name, String format) {
    JsonNode figure = figures.get(name);
    return figure == null ? "–" : String.format(Locale.ROOT, format, figure.asDouble());
  }

  private static Stream<String> memoryTable(JsonNode file) {
    List<String> rows =
        file.get("results").properties().stream()
            .flatMap(
                store ->
                    store.getValue().properties().stream()
                        .map(
                            size ->
                                String.format(
                                    Locale.ROOT,
                                    "| %s | %s | %.1f |",
                                    store.getKey(),
                                    size.getKey(),
                                    size.getValue().asDouble())))
            .toList();
    return table(file, "| store | devices | bytes a device |", rows.stream());
  }

  private static Map<String, Map<Integer, Double>> memorySeries(JsonNode file) {
    Map<String, Map<Integer, Double>> series = new LinkedHashMap<>();
    file.get("results")
        .properties()
        .forEach(
            store -> {
              Map<Integer, Double> points = new LinkedHashMap<>();
              store
                  .getValue()
                  .properties()
                  .forEach(
                      size ->
                          points.put(Integer.valueOf(size.getKey()), size.getValue().asDouble()));
              series.put(store.getKey(), points);
            });
    return series;
  }

  private static Stream<String> jmhTable(JsonNode file) {
    Stream<String> rows =
        JmhChart.results(file)
            .map(
                result ->
                    String.format(
                        Locale.ROOT,
                        "| %s | %s | %,.0f ± %,.0f %s |",
                        JmhChart.seriesName(result),
                        result.path("params").path("devices").asText(""),
                        result.at("/primaryMetric/score").asDouble(),
                        result.at("/primaryMetric/scoreError").asDouble(),
                        result.at("/primaryMetric/scoreUnit").asText()));
    return table(file, "| what | devices | time |", rows);
  }

  private static String source(JsonNode file) {
    JsonNode about = file.get("about");
    return String.format(
        "Commit %s, %s, %s, %s, load average at the end %.1f.",
        about.get("commit").asText(),
        about.get("date").asText().substring(0, 10),
        about.get("machine").asText(),
        about.get("jdk").asText(),
        about.get("load").asDouble());
  }

  private static Stream<String> table(JsonNode file, String head, Stream<String> rows) {
    String columns = "|---".repeat((int) head.chars().filter(c -> c == '|').count() - 1) + "|";
    JsonNode skipped = file.path("skipped");
    Stream<String> missing =
        skipped.properties().stream()
            .map(entry -> "Left out: " + entry.getKey() + ", " + entry.getValue().asText() + ".");
    return Stream.of(Stream.of(head, columns), rows, Stream.of("", source(file)), missing)
        .flatMap(part -> part);
  }
}
