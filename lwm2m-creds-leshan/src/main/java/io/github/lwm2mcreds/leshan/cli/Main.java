// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.RandomSourceException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The entry point of {@code lwm2m-creds.jar}. */
@Command(
    name = "lwm2m-creds",
    headerHeading =
        "Example:%n  lwm2m-creds gen-cred-partition -did sensor-1 --generate-token -o cred.bin%n%n",
    description = "LwM2M DTLS credentials, from a device's flash to the server's handshake.",
    scope = ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    sortOptions = false,
    sortSynopsis = false,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nArguments:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:bad usage or refused input", "3:done, with findings"})
public final class Main {
  private static final List<Class<?>> COMMANDS =
      List.of(
          GenCredPartitionCommand.class,
          GenerateCommand.class,
          VerifyCommand.class,
          InspectCommand.class,
          ProvisionCommand.class,
          SyncCommand.class,
          ServeCommand.class,
          DeviceCommand.class,
          StoreCommand.class,
          ManifestCommand.class,
          AccessCommand.class,
          DoctorCommand.class,
          DemoCommand.class);

  private static final String VERBOSE = "--verbose";

  @Option(
      names = VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Show stack traces and the logs of Leshan and Californium.")
  private boolean verbose;

  @Mixin private Streams streams;

  private UnaryOperator<String> explain = message -> message;

  private Main() {}

  /** Stands for what {@link Settings} has read before the options are parsed. */
  @Option(
      names = Settings.CONFIG,
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "Properties file with options that are not given, such as store=sqlite:/srv/fleet.db;"
              + " 'lwm2m-creds --help' says more. Default: the user's own.")
  private void setConfig(Path file) {
    // nothing is left to do
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
    Optional<Path> config = ConfigFile.ofUser(System.getenv(), System.getProperty("user.home"));
    Streams streams = new Streams(System.in, StandardOutput.open(), System.err);
    System.exit(run(streams, config, args));
  }

  /**
   * Runs a command and returns its exit code.
   *
   * @param config the user's own configuration file, if there is one
   */
  static int run(Streams streams, Optional<Path> config, String... args) {
    CommandLine line = commandLine(streams, args);
    Main main = line.getCommand();
    int exitCode = main.run(line, config, args);
    streams.err().flush();
    if (streams.out().checkError()) { // flushes, too
      if (streams.out() instanceof StandardOutput out && out.readerIsGone()) {
        return exitCode; // the reader, such as head, has read enough
      }
      streams.err().println(line.getCommandName() + ": cannot write to standard output");
      return ExitCode.FAILED;
    }
    return exitCode;
  }

  private int run(CommandLine line, Optional<Path> config, String... args) {
    try {
      Settings settings = Settings.of(line, config, System.getenv(), args);
      explain = settings::explain;
      return line.execute(settings.arguments());
    } catch (CommandException e) {
      verbose = List.of(args).contains(VERBOSE); // not parsed yet
      return report(line.getCommandName(), e);
    }
  }

  /**
   * Returns the commands with their options, ready to parse and run.
   *
   * @param args what will be parsed, if that is known: then only the commands that it needs
   */
  static CommandLine commandLine(Streams streams, String... args) {
    Main main = new Main();
    CommandLine line = new CommandLine(main, new Factory(streams));
    Subcommands.add(line, COMMANDS, List.of(args));
    Subcommands.addHelp(line);
    // @FILE is how our own options name a file that holds a secret.
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.getCommandSpec()
        .usageMessage()
        .footerHeading("%nConfiguration:%n")
        .footer(ConfigKeys.HELP);
    line.setOut(writer(streams.out()));
    line.setErr(writer(streams.err()));
    line.setParameterExceptionHandler(
        (e, arguments) -> {
          String what = main.explain.apply(BadUsage.describe(e, arguments));
          streams.err().println(name(e.getCommandLine()) + ": " + what + " (try --help)");
          return ExitCode.REFUSED;
        });
    line.setExecutionExceptionHandler((e, command, result) -> main.report(name(command), e));
    return line;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /** Returns a command as it is typed after {@code lwm2m-creds}, such as {@code store list}. */
  private static String name(CommandLine command) {
    CommandLine parent = command.getParent();
    return parent == null || parent.getParent() == null
        ? command.getCommandName()
        : name(parent) + " " + command.getCommandName();
  }

  /** Reports a failure in one line, and returns the exit code. */
  int report(String command, Exception e) {
    if (verbose) {
      e.printStackTrace(streams.err());
    }
    Optional<CommandException> known = known(e);
    if (known.isPresent()) {
      streams.err().println(command + ": " + explain.apply(known.get().getMessage()));
      return known.get().exitCode();
    }
    streams.err().println(command + ": unexpected error: " + e + " (--verbose shows where)");
    return ExitCode.FAILED;
  }

  private static Optional<CommandException> known(Exception e) {
    if (e instanceof RandomSourceException) {
      return Optional.of(CommandException.failed(e.getMessage(), e));
    }
    return e instanceof CommandException known ? Optional.of(known) : StoreFailure.of(e);
  }

  /** Creates what picocli asks for, with the streams of this run. */
  private record Factory(Streams streams) implements IFactory {
    private static final IFactory DEFAULT = CommandLine.defaultFactory();

    @Override
    public <T> T create(Class<T> type) throws Exception {
      return type == Streams.class ? type.cast(streams) : DEFAULT.create(type);
    }
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"lwm2m-creds " + (version == null ? "(not packaged)" : version)};
    }
  }
}
