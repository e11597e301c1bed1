// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.benchmarks.contest.Contestant;
import io.github.lwm2mcreds.benchmarks.contest.Cost;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes and reads measured figures and their source. */
public final class ResultFile {
  /** The environment variable with the commit that is measured. */
  private static final String COMMIT = "LWM2M_CREDS_COMMIT";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ResultFile() {}

  /** Writes figures that were measured in rounds. */
  public static void write(
      Path file, Map<Contestant, List<Cost>> costs, Map<String, String> skipped)
      throws IOException {
    ObjectNode root = root();
    root.set("skipped", JSON.valueToTree(skipped));
    ObjectNode results = root.putObject("results");
    costs.forEach(
        (contestant, rounds) -> {
          ObjectNode entry = results.putObject(contestant.name());
          entry.set("server", JSON.valueToTree(contestant.server()));
          entry.put("mode", contestant.mode().name());
          entry.put("concurrency", contestant.concurrency());
          entry.set("median", JSON.valueToTree(Cost.median(rounds)));
          entry.set("rounds", JSON.valueToTree(rounds));
        });
    write(file, root);
  }

  /** Writes any other figures. */
  public static void write(Path file, Object results) throws IOException {
    ObjectNode root = root();
    root.set("results", JSON.valueToTree(results));
    write(file, root);
  }

  public static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  private static void write(Path file, ObjectNode root) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, JSON.writeValueAsString(root) + "\n");
  }

  private static ObjectNode root() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode about = root.putObject("about");
    about.put("commit", Optional.ofNullable(System.getenv(COMMIT)).orElse("unknown"));
    about.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    about.put("machine", machine());
    about.put("load", loadAverage());
    about.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    about.put(
        "jdk",
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
    return root;
  }

  private static String machine() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    String model =
        Files.isReadable(info)
            ? Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 2))
                .orElse("unknown processor")
            : System.getProperty("os.arch");
    return Runtime.getRuntime().availableProcessors() + " × " + model;
  }

  private static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
