// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The results of JMH that are drawn by the size of the fleet. */
enum JmhChart {
  /** A lookup at a handshake. */
  LOOKUP("lookup", "Looking a key up", "ns"),
  /** A device added to a store. */
  ADD("add", "Adding a device", "µs"),
  /** A store opened at a server's start. */
  OPEN("open", "Opening a store", "ms"),
  /** All sessions of a server compared with its store. */
  SWEEP("sweep", "Comparing all sessions with their store", "ms"),
  /** A partition, of any fleet. */
  CODEC("codec", "A partition", "ns");

  private final String file;
  private final String title;
  private final String unit;

  JmhChart(String file, String title, String unit) {
    this.file = file;
    this.title = title;
    this.unit = unit;
  }

  String file() {
    return file;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  static Stream<JsonNode> results(JsonNode file) {
    return StreamSupport.stream(file.get("results").spliterator(), false);
  }

  /** Returns the store, or the benchmark's own name if it has no such parameter. */
  static String seriesName(JsonNode result) {
    String benchmark = result.get("benchmark").asText();
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    return result.path("params").path("store").asText(method);
  }

  Map<String, Map<Integer, Double>> series(JsonNode file) {
    Map<String, Map<Integer, Double>> series = new LinkedHashMap<>();
    results(file)
        .filter(result -> result.path("params").has("devices"))
        .forEach(
            result ->
                series
                    .computeIfAbsent(seriesName(result), name -> new TreeMap<>())
                    .put(
                        result.at("/params/devices").asInt(),
                        result.at("/primaryMetric/score").asDouble()));
    return series;
  }
}
