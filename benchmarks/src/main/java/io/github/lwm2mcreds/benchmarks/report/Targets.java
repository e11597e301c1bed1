// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The most that a handshake may cost a server beside another one, in CPU time with and without the
 * collector's; how far the latter ratio varies between a round and the one next to it; and the
 * ratio of the whole processes' CPU time.
 */
enum Targets {
  /** A million devices in memory cost next to nothing. */
  IN_MEMORY("stores", "IN_MEMORY", "SCANDIUM_SINGLE", 1.02, "in memory, beside `SinglePskStore`"),
  /** So do a million sealed keys. */
  MIRROR("stores", "MIRROR", "SCANDIUM_SINGLE", 1.02, "mirror, beside `SinglePskStore`"),
  /** The profile is worth having. */
  LESHAN("peers", "lwm2m-creds", "Leshan", 0.75, "beside stock Leshan"),
  /** The same without a HelloVerifyRequest. */
  LESHAN_WITHOUT_HELLO_VERIFY(
      "peers-without-hello-verify",
      "lwm2m-creds",
      "Leshan",
      0.75,
      "beside stock Leshan, without a HelloVerifyRequest"),
  /** As cheap as the other implementation in Java. */
  BOUNCY_CASTLE("peers", "lwm2m-creds", "Bouncy Castle", 1, "beside Bouncy Castle");

  private final String file;
  private final String ours;
  private final String other;
  private final double atMost;
  private final String title;

  Targets(String file, String ours, String other, double atMost, String title) {
    this.file = file;
    this.ours = ours;
    this.other = other;
    this.atMost = atMost;
    this.title = title;
  }

  /** Returns a table of the targets that were measured. */
  static Stream<String> table(Path results) throws IOException {
    Stream.Builder<String> lines = Stream.builder();
    lines.add(
        "| a million devices | at most | CPU and GC | CPU alone | quartiles of its rounds | process"
            + " | met |");
    lines.add("|---|---|---|---|---|---|---|");
    for (Targets target : values()) {
      Path path = results.resolve(target.file + ".json");
      if (Files.exists(path)) {
        lines.add(target.row(ResultFile.read(path).get("results")));
      }
    }
    return lines.build();
  }

  private String row(JsonNode results) {
    double withCollector = ratio(results, "cpuMicros", "gcMicros");
    double alone = ratio(results, "cpuMicros");
    double[] ratios = ratios(results.get(ours).get("rounds"), results.get(other).get("rounds"));
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.3f | %.3f | %.3f to %.3f | %.3f | %s |",
        title,
        atMost,
        withCollector,
        alone,
        ratios[ratios.length / 4],
        ratios[ratios.length - 1 - ratios.length / 4],
        Report.processMicros(results.get(ours)) / Report.processMicros(results.get(other)),
        Math.max(withCollector, alone) <= atMost ? "yes" : "**no**");
  }

  private double ratio(JsonNode results, String... figures) {
    return sum(results.get(ours), figures) / sum(results.get(other), figures);
  }

  private static double sum(JsonNode server, String... figures) {
    return Arrays.stream(figures)
        .mapToDouble(figure -> server.get("median").get(figure).asDouble())
        .sum();
  }

  private static double[] ratios(JsonNode ours, JsonNode others) {
    double[] ratios =
        IntStream.range(0, ours.size())
            .mapToDouble(
                i ->
                    ours.get(i).get("cpuMicros").asDouble()
                        / others.get(i).get("cpuMicros").asDouble())
            .toArray();
    Arrays.sort(ratios);
    return ratios;
  }
}
