// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks;

import io.github.lwm2mcreds.benchmarks.contest.Contest;
import io.github.lwm2mcreds.benchmarks.contest.Effort;
import io.github.lwm2mcreds.benchmarks.contest.ImportSpeed;
import io.github.lwm2mcreds.benchmarks.contest.MemoryUse;
import io.github.lwm2mcreds.benchmarks.contest.PowerCut;
import io.github.lwm2mcreds.benchmarks.contest.Timing;
import io.github.lwm2mcreds.benchmarks.jmh.ServerCost;
import io.github.lwm2mcreds.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands of {@code benchmarks.jar}. */
@Command(
    name = "benchmarks",
    description = "Measures this library beside others, and reports the results.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int REFUSED = 2;
  private static final int IMPORTS = 3;

  private static final String RESULTS = "results";
  private static final String RESULTS_WRITTEN = "the results are written to FOLDER/results";
  private static final String RESULTS_OPTIONAL =
      RESULTS_WRITTEN + "; without it they are only printed";
  private static final String EFFORTS = "one of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if none";

  @Spec private CommandSpec spec;

  @Option(
      names = "--help",
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "show what can be typed, and end")
  private boolean help;

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code: 0 if it is done, 1 if it failed, 2 if
   * its arguments are wrong.
   *
   * @param args the command and its arguments
   */
  public static void main(String[] args) {
    System.exit(line().execute(args));
  }

  /** Returns the command line, ready to parse and run arguments. */
  static CommandLine line() {
    CommandLine line = new CommandLine(new Main());
    line.setExpandAtFiles(false);
    line.registerConverter(Contest.class, typed -> named(Contest.values(), typed));
    line.registerConverter(Effort.class, typed -> named(Effort.values(), typed));
    for (String passesOn : List.of("jmh", "try")) { // the options are another program's
      line.getSubcommands().get(passesOn).setUnmatchedOptionsArePositionalParams(true);
    }
    line.setParameterExceptionHandler(
        (e, args) -> fail(e.getCommandLine(), message(e) + " (try --help)", REFUSED));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof IOException) {
            return fail(command, "failed: " + (isPlain(e) ? e.getMessage() : e), FAILED);
          }
          throw e;
        });
    return line;
  }

  private static boolean isPlain(Exception e) {
    return e.getClass() == IOException.class && e.getMessage() != null;
  }

  private static int fail(CommandLine command, String message, int exitCode) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + message);
    return exitCode;
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String argument = unmatched.getUnmatched().get(0);
      return e.getCommandLine().getParent() == null
          ? "there is no command '%s'; there are %s"
              .formatted(argument, String.join(", ", e.getCommandLine().getSubcommands().keySet()))
          : "cannot use '%s'".formatted(argument);
    }
    if (e instanceof MissingParameterException missing) {
      ArgSpec first = missing.getMissing().get(0);
      return "missing " + first.paramLabel() + candidates(first);
    }
    return e.getArgSpec() == null
        ? e.getMessage()
        : "%s cannot be '%s'%s"
            .formatted(e.getArgSpec().paramLabel(), e.getValue(), candidates(e.getArgSpec()));
  }

  private static String candidates(ArgSpec argument) {
    Iterable<String> candidates = argument.completionCandidates();
    return candidates == null ? "" : "; there are " + String.join(", ", candidates);
  }

  /** Returns the constant with a name, in upper or lower case. */
  private static <T> T named(T[] constants, String typed) {
    String name = typed.toLowerCase(Locale.ROOT).replace('_', '-');
    return Arrays.stream(constants)
        .filter(constant -> constant.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("no such name"));
  }

  /** Runs where no command is given. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return REFUSED;
  }

  @Command(
      description = "Measure a little of everything in about two minutes, to see that it works.")
  void quick() throws IOException, InterruptedException, RunnerException {
    Campaign.quick();
  }

  @Command(description = "Measure everything.")
  void full(@Parameters(paramLabel = "FOLDER", description = RESULTS_WRITTEN) Path folder)
      throws IOException, InterruptedException, RunnerException {
    Campaign.full(results(folder));
  }

  @Command(description = "Measure servers in turn.")
  void contest(
      @Parameters(paramLabel = "NAME", description = "one of ${COMPLETION-CANDIDATES}")
          Contest contest,
      @Parameters(
              paramLabel = "EFFORT",
              arity = "0..1",
              defaultValue = "short",
              description = EFFORTS)
          Effort effort,
      @Parameters(paramLabel = "FOLDER", arity = "0..1", description = RESULTS_OPTIONAL)
          Optional<Path> folder)
      throws IOException, InterruptedException {
    Campaign.contest(contest, effort, folder.map(this::results));
  }

  @Command(description = "Measure how devices fare while a server is flooded.")
  void overload(@Mixin Flooding flooding) throws IOException, InterruptedException {
    Campaign.overload(flooding.effort, flooding.folder.map(this::results));
  }

  @Command(description = "Measure whether devices get in after others took a server's room.")
  void crowding(@Mixin Flooding flooding) throws IOException, InterruptedException {
    Campaign.crowding(flooding.effort, flooding.folder.map(this::results));
  }

  @Command(description = "Measure what devices notice of a server that is started again.")
  void restart(@Mixin Flooding flooding) throws IOException, InterruptedException {
    Campaign.restart(flooding.effort, flooding.folder.map(this::results));
  }

  @Command(
      name = "power-cut",
      description =
          "Measure whether a fleet gets in again, twice in a row; with Linux's loopback addresses.")
  void powerCut(
      @Parameters(
              paramLabel = "DEVICES",
              arity = "0..1",
              defaultValue = "1000000",
              description = "the size of the fleet; ${DEFAULT-VALUE} if none")
          int devices,
      @Parameters(paramLabel = "FOLDER", arity = "0..1", description = RESULTS_OPTIONAL)
          Optional<Path> folder)
      throws IOException, InterruptedException {
    if (devices < 1 || devices > PowerCut.MAX_DEVICES) {
      throw refusal(
          "a fleet has 1 to %d devices here, not %d".formatted(PowerCut.MAX_DEVICES, devices));
    }
    Campaign.powerCut(devices, folder.map(this::results));
  }

  @Command(
      description =
          "Measure whether response times tell an unknown identity from a wrong key; with Linux's"
              + " loopback addresses.")
  void timing(
      @Parameters(
              paramLabel = "PAIRS",
              arity = "0..1",
              defaultValue = "10000",
              description = "how many handshakes of each kind; ${DEFAULT-VALUE} if none")
          int pairs,
      @Parameters(paramLabel = "FOLDER", arity = "0..1", description = RESULTS_OPTIONAL)
          Optional<Path> folder)
      throws IOException, InterruptedException {
    if (pairs < 1 || pairs > Timing.MAX_PAIRS) {
      throw refusal("there are 1 to %d pairs here, not %d".formatted(Timing.MAX_PAIRS, pairs));
    }
    Campaign.timing(pairs, folder.map(this::results));
  }

  @Command(description = "Measure what a restart of one server after the other costs devices.")
  void rolling(@Mixin Flooding flooding) throws IOException, InterruptedException {
    Campaign.rolling(flooding.effort, flooding.folder.map(this::results));
  }

  @Command(description = "Measure stores and the codec.")
  void stores(@Parameters(paramLabel = "FOLDER", description = RESULTS_WRITTEN) Path folder)
      throws IOException, InterruptedException, RunnerException {
    Campaign.stores(results(folder));
  }

  @Command(description = "Print how much heap a device takes in each store.")
  void memory(
      @Parameters(
              paramLabel = "DEVICES",
              arity = "1..*",
              description = "sizes of fleets, such as 10000")
          List<Integer> sizes)
      throws IOException, InterruptedException {
    for (int size : sizes) {
      if (size < 1) {
        throw refusal("a fleet has at least one device, not " + size);
      }
    }
    MemoryUse.measure(sizes);
  }

  @Command(
      name = "import",
      description =
          "Print how fast devices are imported into SQLite, and into the PostgreSQL whose JDBC URL"
              + " LWM2M_CREDS_POSTGRESQL has, if it is set.")
  void importDevices(
      @Parameters(
              paramLabel = "DEVICES",
              arity = "0..1",
              defaultValue = "1000000",
              description = "the size of the fleet; ${DEFAULT-VALUE} if none")
          int devices)
      throws IOException, InterruptedException {
    if (devices < 1) {
      throw refusal("a fleet has at least one device, not " + devices);
    }
    ImportSpeed.measure(devices, IMPORTS);
  }

  @Command(
      description =
          "Measure the steps from images to a store, and with a PostgreSQL, if"
              + " LWM2M_CREDS_POSTGRESQL has its JDBC URL.")
  void lot(
      @Parameters(paramLabel = "DEVICES", description = "the size of the lot") int devices,
      @Parameters(paramLabel = "FOLDER", arity = "0..1", description = RESULTS_OPTIONAL)
          Optional<Path> folder)
      throws IOException {
    if (devices < 1) {
      throw refusal("a lot has at least one device, not " + devices);
    }
    Campaign.lot(devices, folder.map(this::results));
  }

  @Command(
      name = "try",
      description = "Measure this library's server with options of the JVM, and without them.")
  void tryOptions(
      @Parameters(
              paramLabel = "OPTIONS",
              arity = "1..*",
              description = "options of the JVM; each argument is measured by itself")
          List<String> options)
      throws IOException, InterruptedException {
    for (String option : options) {
      if (!option.startsWith("-")) {
        throw refusal("'%s' is not an option of the JVM".formatted(option));
      }
    }
    Campaign.tryOptions(options);
  }

  @Command(description = "Run JMH, which has options of its own: jmh -h lists them.")
  void jmh(
      @Parameters(
              paramLabel = "OPTIONS",
              arity = "0..*",
              description = "options of JMH and the benchmarks to run, such as PskLookup -f 1")
          List<String> options)
      throws IOException {
    org.openjdk.jmh.Main.main(
        Stream.concat(
                Stream.of("-prof", ServerCost.class.getName()),
                Optional.ofNullable(options).orElse(List.of()).stream())
            .toArray(String[]::new));
  }

  @Command(description = "Draw the charts and fill in the tables from the results.")
  void report(
      @Parameters(paramLabel = "FOLDER", description = "the folder with README.md and results")
          Path folder)
      throws IOException {
    if (!Files.isRegularFile(folder.resolve("README.md"))
        || !Files.isDirectory(folder.resolve(RESULTS))) {
      throw refusal(folder + " has no README.md or no folder results");
    }
    Report.write(folder);
  }

  /** Returns the folder for results, which is there and can be written. */
  private Path results(Path folder) {
    Path results = folder.resolve(RESULTS);
    try {
      Files.createDirectories(results);
    } catch (IOException e) {
      throw refusal("cannot make the folder " + results);
    }
    if (!Files.isWritable(results)) {
      throw refusal("cannot write to the folder " + results);
    }
    return results;
  }

  private ParameterException refusal(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  /** What the commands take that put a server under pressure. */
  static final class Flooding {
    @Parameters(
        index = "0",
        paramLabel = "EFFORT",
        arity = "0..1",
        defaultValue = "short",
        description = EFFORTS)
    private Effort effort;

    @Parameters(index = "1", paramLabel = "FOLDER", arity = "0..1", description = RESULTS_OPTIONAL)
    private Optional<Path> folder;
  }
}
