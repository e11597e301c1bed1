package io.github.lwm2mcreds.leshan.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
public final class Main implements Runnable {
  private static final String VERBOSE = "--verbose";

  @Spec private CommandSpec spec;

  @Option(
      names = VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Show stack traces, and the logs of Leshan and Californium.")
  private boolean verbose;

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    // slf4j-simple reads this once, when the first logger is made.
    System.setProperty(
        "org.slf4j.simpleLogger.defaultLogLevel",
        Arrays.asList(args).contains(VERBOSE) ? "info" : "off");
    System.exit(run(new Streams(System.in, System.out, System.err), args));
  }

  static int run(Streams streams, String... args) {
    Main main = new Main();
    CommandLine line =
        new CommandLine(main)
            .addSubcommand(new GenCredPartitionCommand(streams))
            .addSubcommand(new InspectCommand(streams))
            .addSubcommand(new ProvisionCommand(streams))
            .addSubcommand(new ServeCommand(streams))
            .addSubcommand(new DeviceCommand(streams))
            .addSubcommand(new DemoCommand(streams));
    // @FILE is how our own options name a file that holds a secret.
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(writer(streams.out()));
    line.setErr(writer(streams.err()));
    line.setParameterExceptionHandler(
        (e, arguments) -> {
          streams.err().println(commandName(e) + ": " + message(e) + " (try --help)");
          return ExitCode.REFUSED;
        });
    line.setExecutionExceptionHandler(
        (e, command, result) -> main.report(streams, command.getCommandName(), e));
    int exitCode = line.execute(args);
    streams.out().flush();
    streams.err().flush();
    return exitCode;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static String commandName(ParameterException e) {
    return e.getCommandLine().getCommandName();
  }

  /** An argument that fits nowhere may be a token that lost its option: it is not repeated. */
  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      return "there are arguments too many, or of an unknown command";
    }
    return e.getMessage().lines().findFirst().orElse("bad usage");
  }

  private int report(Streams streams, String command, Exception e) {
    if (verbose) {
      e.printStackTrace(streams.err());
    }
    if (e instanceof CommandException known) {
      streams.err().println(command + ": " + known.getMessage());
      return known.exitCode();
    }
    streams.err().println(command + ": failed unexpectedly: " + e + " (--verbose shows where)");
    return ExitCode.FAILED;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"lwm2m-creds " + (version == null ? "(not packaged)" : version)};
    }
  }
}
