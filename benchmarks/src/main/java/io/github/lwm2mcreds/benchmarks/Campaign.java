// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.benchmarks.contest.Contest;
import io.github.lwm2mcreds.benchmarks.contest.ContestRunner;
import io.github.lwm2mcreds.benchmarks.contest.Contestant;
import io.github.lwm2mcreds.benchmarks.contest.Cost;
import io.github.lwm2mcreds.benchmarks.contest.Crowding;
import io.github.lwm2mcreds.benchmarks.contest.Effort;
import io.github.lwm2mcreds.benchmarks.contest.ImportSpeed;
import io.github.lwm2mcreds.benchmarks.contest.LotSpeed;
import io.github.lwm2mcreds.benchmarks.contest.MemoryUse;
import io.github.lwm2mcreds.benchmarks.contest.Overload;
import io.github.lwm2mcreds.benchmarks.contest.PowerCut;
import io.github.lwm2mcreds.benchmarks.contest.Restart;
import io.github.lwm2mcreds.benchmarks.contest.Rolling;
import io.github.lwm2mcreds.benchmarks.contest.ServerSpec;
import io.github.lwm2mcreds.benchmarks.contest.Timing;
import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.jmh.ServerCost;
import io.github.lwm2mcreds.benchmarks.report.ResultFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What each command measures. */
final class Campaign {
  private static final List<Contest> QUICK = List.of(Contest.PEERS, Contest.REGISTRATION);

  private static final Set<Contest> DECIDING =
      EnumSet.of(Contest.PEERS, Contest.PEERS_WITHOUT_HELLO_VERIFY, Contest.STORES);

  private static final int LOTS = 3;

  private static final String[] ALL_SIZES = {"10000", "100000", "1000000", "10000000"};

  /** The names of files with results of any other JDK say which. */
  private static final int OLDEST_JDK = 17;

  private Campaign() {}

  /**
   * Measures so little in about two minutes that the figures mean nothing, but all code has run.
   */
  static void quick() throws IOException, InterruptedException, RunnerException {
    for (Contest contest : QUICK) {
      if (new ContestRunner(Effort.QUICK).run(contest).isEmpty()) {
        throw new IllegalStateException(contest + " had no contestants");
      }
    }
    new Overload(Effort.QUICK).run();
    new Crowding(Effort.QUICK).run();
    new Restart(Effort.QUICK).run();
    new PowerCut(1_000, false).run();
    new Timing(50).run();
    ImportSpeed.measure(1_000, 1);
    LotSpeed.measure(1_000, 1);
    new Runner(
            new OptionsBuilder()
                .include("PartitionCodec|PskLookup|HandshakeBenchmark|SessionSweep")
                .param("devices", "1000")
                .addProfiler(ServerCost.class)
                .forks(1)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(300))
                .shouldFailOnError(true)
                .build())
        .run();
  }

  /** Measures everything and writes a file for each part, such as {@code peers.json}. */
  static void full(Path folder) throws IOException, InterruptedException, RunnerException {
    for (Contest contest : Contest.values()) {
      boolean decides = DECIDING.contains(contest);
      contest(contest, decides ? Effort.FULL : Effort.REDUCED, Optional.of(folder));
    }
    overload(Effort.FULL, Optional.of(folder));
    crowding(Effort.FULL, Optional.of(folder));
    restart(Effort.FULL, Optional.of(folder));
    powerCut(1_000_000, Optional.of(folder));
    timing(10_000, Optional.of(folder));
    rolling(Effort.FULL, Optional.of(folder));
    lot(100_000, Optional.of(folder));
    stores(folder);
  }

  /** Measures stores and codec. */
  static void stores(Path folder) throws IOException, InterruptedException, RunnerException {
    jmh(
        file(folder, "lookup"),
        of("PskLookupBenchmark").param("store", "IN_MEMORY", "LESHAN", "SCANDIUM_MULTI"),
        of("PskLookupBenchmark").param("store", "MIRROR", "DERIVED").param("devices", ALL_SIZES),
        of("PskLookupBenchmark")
            .param("store", "SCANDIUM_SINGLE", "SQLITE")
            .param("devices", "1000000"));
    jmh(
        file(folder, "open"),
        of("StoreOpenBenchmark.mirror").param("devices", ALL_SIZES),
        of("StoreOpenBenchmark.leshanFile"));
    jmh(file(folder, "sweep"), of("SessionSweepBenchmark"));
    jmh(file(folder, "add"), of("StoreAddBenchmark"));
    jmh(file(folder, "codec"), of("PartitionCodecBenchmark"));
    ResultFile.write(
        file(folder, "memory"), MemoryUse.measure(List.of(10_000, 100_000, 1_000_000, 10_000_000)));
    ResultFile.write(file(folder, "sizes"), MemoryUse.unitSizes());
  }

  private static ChainedOptionsBuilder of(String benchmark) {
    return new OptionsBuilder().include(benchmark);
  }

  /** Holds one contest, and writes its file if there is a folder. */
  static void contest(Contest contest, Effort effort, Optional<Path> folder)
      throws IOException, InterruptedException {
    ContestRunner runner = new ContestRunner(effort);
    Map<Contestant, List<Cost>> costs = runner.run(contest);
    if (folder.isPresent()) {
      ResultFile.write(file(folder.get(), contest.toString()), costs, runner.skipped());
    }
  }

  /** Floods servers, and writes their file if there is a folder. */
  static void overload(Effort effort, Optional<Path> folder)
      throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new Overload(effort).run();
    if (folder.isPresent()) {
      ResultFile.write(file(folder.get(), "overload"), figures);
    }
  }

  /** Takes the room of servers, and writes their file if there is a folder. */
  static void crowding(Effort effort, Optional<Path> folder)
      throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new Crowding(effort).run();
    if (folder.isPresent()) {
      ResultFile.write(file(folder.get(), "crowding"), figures);
    }
  }

  /** Starts servers again, and writes their file if there is a folder. */
  static void restart(Effort effort, Optional<Path> folder)
      throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new Restart(effort).run();
    if (folder.isPresent()) {
      ResultFile.write(file(folder.get(), "restart"), figures);
    }
  }

  /** Has a fleet connect again and again, and writes its file if there is a folder. */
  static void powerCut(int devices, Optional<Path> folder)
      throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new PowerCut(devices, true).run();
    if (folder.isPresent()) {
      ResultFile.write(file(folder.get(), "power-cut"), figures);
    }
  }

  /** Compares response times, and writes their file if there is a folder. */
  static void timing(int pairs, Optional<Path> folder) throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new Timing(pairs).run();
    if (folder.isPresent()) {
      ResultFile.write(file(folder.get(), "timing"), figures);
    }
  }

  /** Restarts servers one after the other, and writes their file if there is a folder. */
  static void rolling(Effort effort, Optional<Path> folder)
      throws IOException, InterruptedException {
    Map<String, Map<String, Double>> figures = new Rolling(effort).run();
    if (folder.isPresent()) {
      ResultFile.write(file(folder.get(), "rolling"), figures);
    }
  }

  /** Measures the steps that a lot goes through, and writes their file if there is a folder. */
  static void lot(int devices, Optional<Path> folder) throws IOException {
    Map<String, List<LotSpeed.Round>> rounds = LotSpeed.measure(devices, LOTS);
    if (folder.isPresent()) {
      ResultFile.write(file(folder.get(), "lot"), rounds);
    }
  }

  /** Measures this library's server with each of some JVM options, and without any. */
  static void tryOptions(List<String> options) throws IOException, InterruptedException {
    Contestant ours =
        new Contestant(
            "lwm2m-creds",
            ServerSpec.of(
                ServerSpec.Peer.LWM2M_CREDS, FilledStore.Kind.IN_MEMORY, Effort.SHORT.fleet()));
    new ContestRunner(Effort.SHORT)
        .run(
            Stream.concat(
                    Stream.of(ours),
                    options.stream().map(option -> ours.withJvmOptions(option, option.split(" "))))
                .toList());
  }

  private static Path file(Path folder, String name) {
    int jdk = Runtime.version().feature();
    return folder.resolve(name + (jdk == OLDEST_JDK ? "" : "-jdk" + jdk) + ".json");
  }

  private static void jmh(Path file, ChainedOptionsBuilder... runs)
      throws IOException, RunnerException {
    List<JsonNode> results = new ArrayList<>();
    Path raw = Files.createTempFile("lwm2m-creds-jmh", ".json");
    try {
      for (ChainedOptionsBuilder run : runs) {
        new Runner(
                run.resultFormat(ResultFormatType.JSON)
                    .result(raw.toString())
                    .shouldFailOnError(true)
                    .build())
            .run();
        ResultFile.read(raw).forEach(result -> results.add(((ObjectNode) result).without("jvm")));
      }
      ResultFile.write(file, results);
    } finally {
      Files.delete(raw);
    }
  }
}
