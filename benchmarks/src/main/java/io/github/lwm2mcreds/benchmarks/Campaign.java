package io.github.lwm2mcreds.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** All measurements, one after the other. */
final class Campaign {
  private static final List<Contest> QUICK = List.of(Contest.PEERS, Contest.REGISTRATION);

  private static final Set<Contest> DECIDING =
      EnumSet.of(Contest.PEERS, Contest.PEERS_WITHOUT_HELLO_VERIFY, Contest.STORES);

  private static final String[] ALL_SIZES = {"10000", "100000", "1000000", "10000000"};

  /** Results of another one say so in their file's name. */
  private static final int OLDEST_JDK = 17;

  private Campaign() {}

  /** Shows within two minutes that everything can be measured; the figures say nothing. */
  static void quick() throws IOException, InterruptedException, RunnerException {
    for (Contest contest : QUICK) {
      if (new ContestRunner(Effort.QUICK).run(contest).isEmpty()) {
        throw new IllegalStateException(contest + " had no contestants");
      }
    }
    new Overload(Effort.QUICK).run();
    new Runner(
            new OptionsBuilder()
                .include("PartitionCodec|PskLookup|HandshakeBenchmark")
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

  /** Measures everything and leaves a file for each part, such as {@code peers.json}. */
  static void full(Path folder) throws IOException, InterruptedException, RunnerException {
    for (Contest contest : Contest.values()) {
      boolean decides = DECIDING.contains(contest);
      contest(contest, decides ? Effort.FULL : Effort.FULL.shorter(), folder);
    }
    overload(Effort.FULL, folder);
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
    jmh(file(folder, "add"), of("StoreAddBenchmark"));
    jmh(file(folder, "codec"), of("PartitionCodecBenchmark"));
    ResultFile.write(
        file(folder, "memory"),
        MemoryReport.measure(List.of(10_000, 100_000, 1_000_000, 10_000_000)));
    ResultFile.write(file(folder, "sizes"), MemoryReport.unitSizes());
  }

  private static ChainedOptionsBuilder of(String benchmark) {
    return new OptionsBuilder().include(benchmark);
  }

  /** Holds one contest and leaves its file. */
  static void contest(Contest contest, Effort effort, Path folder)
      throws IOException, InterruptedException {
    ContestRunner runner = new ContestRunner(effort);
    ResultFile.write(file(folder, contest.name()), runner.run(contest), runner.skipped());
  }

  /** Floods servers and leaves their file. */
  static void overload(Effort effort, Path folder) throws IOException, InterruptedException {
    ResultFile.write(file(folder, "overload"), new Overload(effort).run());
  }

  static String fileName(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Path file(Path folder, String name) {
    int jdk = Runtime.version().feature();
    return folder.resolve(fileName(name) + (jdk == OLDEST_JDK ? "" : "-jdk" + jdk) + ".json");
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
