package io.github.lwm2mcreds.leshan.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of {@code lwm2m-creds.jar}. */
@Command(
    name = "lwm2m-creds",
    description = "LwM2M DTLS credentials, from a device's flash to the server's handshake.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:bad usage, or refused input", "3:done, with findings"})
public final class Main implements Callable<Integer> {
  private static final String VERBOSE = "--verbose";
  private static final Pattern LONG_OPTION = Pattern.compile("--[a-z]+(?:-[a-z]+)*(?==|$)");

  @Spec private CommandSpec spec;

  @Option(
      names = VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Show stack traces, and the logs of Leshan and Californium.")
  private boolean verbose;

  private final Streams streams;

  private Main(Streams streams) {
    this.streams = streams;
  }

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    // Leshan writes numbers in link attributes with the default locale's digits, which no server
    // reads.
    Locale.setDefault(Locale.ROOT);
    // slf4j-simple reads this once, when the first logger is made.
    System.setProperty(
        "org.slf4j.simpleLogger.defaultLogLevel",
        Arrays.asList(args).contains(VERBOSE) ? "info" : "off");
    System.exit(run(new Streams(System.in, StandardOutput.open(), System.err), args));
  }

  static int run(Streams streams, String... args) {
    Main main = new Main(streams);
    CommandLine line =
        new CommandLine(main)
            .addSubcommand(new GenCredPartitionCommand(streams))
            .addSubcommand(new InspectCommand(streams))
            .addSubcommand(new ProvisionCommand(streams))
            .addSubcommand(new ServeCommand(streams))
            .addSubcommand(new DeviceCommand(streams))
            .addSubcommand(StoreCommand.line(streams))
            .addSubcommand(new DemoCommand(streams));
    // @FILE is how our own options name a file that holds a secret.
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(writer(streams.out()));
    line.setErr(writer(streams.err()));
    line.setParameterExceptionHandler(
        (e, arguments) -> {
          streams.err().println(name(e.getCommandLine()) + ": " + message(e) + " (try --help)");
          return ExitCode.REFUSED;
        });
    line.setExecutionExceptionHandler((e, command, result) -> main.report(name(command), e));
    int exitCode = line.execute(args);
    streams.err().flush();
    if (streams.out().checkError()) { // flushes, too
      if (streams.out() instanceof StandardOutput out && out.readerIsGone()) {
        return exitCode; // whoever reads has enough, such as head
      }
      streams.err().println(main.spec.name() + ": standard output cannot be written");
      return ExitCode.FAILED;
    }
    return exitCode;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /** The command as it is typed behind {@code lwm2m-creds}, such as {@code store list}. */
  private static String name(CommandLine command) {
    CommandLine parent = command.getParent();
    return parent == null || parent.getParent() == null
        ? command.getCommandName()
        : name(parent) + " " + command.getCommandName();
  }

  /**
   * Says what is wrong with the arguments, and repeats no value: it may be a token that lost its
   * option.
   */
  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> options = unmatched.getUnmatched().stream().flatMap(Main::optionName).toList();
      return options.isEmpty()
          ? "there are arguments too many, or of an unknown command"
          : "unknown option " + String.join(", ", options);
    }
    if (e instanceof MissingParameterException missing) {
      return "missing: "
          + missing.getMissing().stream().map(Main::usage).collect(Collectors.joining(", "));
    }
    if (e.getArgSpec() == null) {
      return "bad usage";
    }
    return (e instanceof OverwrittenOptionException ? "given twice: " : "bad value for ")
        + usage(e.getArgSpec());
  }

  /** How an option or parameter is written, with no value that was given for it. */
  private static String usage(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return argument.paramLabel();
    }
    return option.arity().max() == 0
        ? option.longestName() + ", which takes none"
        : option.longestName() + " " + option.paramLabel();
  }

  /** The name of a long option, without the value that may stick to it. */
  private static Stream<String> optionName(String argument) {
    Matcher name = LONG_OPTION.matcher(argument);
    return name.lookingAt() ? Stream.of(name.group()) : Stream.empty();
  }

  /** Tells of a failure in one line, and gives the exit code. */
  int report(String command, Exception e) {
    if (verbose) {
      e.printStackTrace(streams.err());
    }
    Optional<CommandException> known = known(e);
    if (known.isPresent()) {
      streams.err().println(command + ": " + known.get().getMessage());
      return known.get().exitCode();
    }
    streams.err().println(command + ": failed unexpectedly: " + e + " (--verbose shows where)");
    return ExitCode.FAILED;
  }

  private static Optional<CommandException> known(Exception e) {
    return e instanceof CommandException known ? Optional.of(known) : StoreFailure.of(e);
  }

  /** Called where no command is given. */
  @Override
  public Integer call() {
    streams.err().println(spec.name() + ": no command given (try --help)");
    return ExitCode.REFUSED;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"lwm2m-creds " + (version == null ? "(not packaged)" : version)};
    }
  }
}
