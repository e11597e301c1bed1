package io.github.lwm2mcreds.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Runs JMH with its own options, or a command.
 *
 * <ul>
 *   <li>{@code quick}: all in short, to see that it works
 *   <li>{@code full FOLDER}: all, into {@code FOLDER/results}
 *   <li>{@code contest NAME SHORT|FULL FOLDER}: one {@link Contest}
 *   <li>{@code overload SHORT|FULL FOLDER}: the flood
 *   <li>{@code stores FOLDER}: stores and codec
 *   <li>{@code try OPTIONS…}: this library's server with and without options of the JVM
 *   <li>{@code report FOLDER}: the charts and tables
 * </ul>
 */
public final class Main {
  private Main() {}

  /**
   * Measures or reports.
   *
   * @param args a command, or options of JMH
   * @throws Exception if something cannot be measured
   */
  public static void main(String[] args) throws Exception {
    String command = args.length == 0 ? "" : args[0];
    switch (command) {
      case "quick" -> Campaign.quick();
      case "full" -> Campaign.full(Path.of(args[1]).resolve("results"));
      case "contest" ->
          Campaign.contest(
              Contest.valueOf(args[1]), Effort.valueOf(args[2]), Path.of(args[3], "results"));
      case "overload" -> Campaign.overload(Effort.valueOf(args[1]), Path.of(args[2], "results"));
      case "try" -> tryOut(Arrays.copyOfRange(args, 1, args.length));
      case "stores" -> Campaign.stores(Path.of(args[1]).resolve("results"));
      case "report" -> Report.write(Path.of(args[1]));
      default ->
          org.openjdk.jmh.Main.main(
              Stream.concat(Stream.of("-prof", ServerCost.class.getName()), Stream.of(args))
                  .toArray(String[]::new));
    }
  }

  /** Our server with other JVM options, each beside the same without. */
  private static void tryOut(String... options) throws Exception {
    ContestRunner runner = new ContestRunner(Effort.SHORT);
    Contestant ours =
        new Contestant(
            "lwm2m-creds",
            ServerSpec.of(
                ServerSpec.Peer.LWM2M_CREDS, FilledStore.Kind.IN_MEMORY, Effort.SHORT.fleet()));
    runner.run(
        Stream.concat(
                Stream.of(ours),
                Stream.of(options).map(option -> ours.withJvmOptions(option, option.split(" "))))
            .toList());
  }
}
