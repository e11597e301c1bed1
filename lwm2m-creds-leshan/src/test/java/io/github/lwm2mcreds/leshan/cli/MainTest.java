// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

class MainTest {
  @Test
  void noCommand_isBadUsage() {
    Cli run = Cli.run();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).containsExactly("lwm2m-creds: no command given (try --help)");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void unknownOption_isBadUsageInOneLine() {
    Cli run = Cli.run("inspect", "x", "--no-such-option");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("--no-such-option", "--help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "provisoin x --server y | lwm2m-creds: unknown command; did you mean provision?",
        "INSPECT x | lwm2m-creds: unknown command; did you mean inspect?",
        "remov x | lwm2m-creds: unknown command; did you mean store remove?",
        "list | lwm2m-creds: unknown command; did you mean store list?",
        "store lst --store x | store: unknown command; did you mean list?",
        "provision x --servr=y | provision: unknown option --servr; did you mean --server?",
        "store list --strore x | store list: unknown option --strore; did you mean --store?",
        "inspect x --xyzzy | inspect: unknown option --xyzzy",
        "demo x | demo: too many arguments",
      })
  void mistypedCommandOrOption_namesItsNeighbour(String arguments, String message) {
    Cli run = Cli.run(arguments.split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).containsExactly(message + " (try --help)");
  }

  @Test
  void unknownCommand_likeNone_isAnsweredWithAll_andNotRepeated() {
    Cli run = Cli.run("0123456789abcdef0123456789abcdef");

    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err())
        .contains("the commands are gen-cred-partition, generate, verify, inspect")
        .doesNotContain("0123456789abcdef");
  }

  @Test
  void help_ofEveryCommand_beginsWithAnExampleThatIsRight() {
    for (CommandLine command : everyCommand(Main.commandLine(streams()))) {
      String name = command.getCommandSpec().qualifiedName();
      List<String> help = command.getUsageMessage().lines().toList();
      assertThat(help.get(0)).as(name).isEqualTo("Example:");
      String[] words = help.get(1).strip().split(" ");
      assertThat(help.get(1)).startsWith("  " + name + (name.contains(" ") ? " " : ""));

      ParseResult parsed =
          Main.commandLine(streams()).parseArgs(Arrays.copyOfRange(words, 1, words.length));

      assertThat(parsed.subcommand()).as(name).isNotNull();
      assertThat(help.get(2)).isEmpty();
    }
  }

  private static List<CommandLine> everyCommand(CommandLine line) {
    return Stream.concat(
            Stream.of(line),
            line.getSubcommands().values().stream().flatMap(sub -> everyCommand(sub).stream()))
        .toList();
  }

  private static Streams streams() {
    return new Streams(
        InputStream.nullInputStream(),
        new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
        new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
  }

  @Test
  void missingOptions_areNamed() {
    assertThat(Cli.run("provision", "x").errLines())
        .containsExactly("provision: missing: --server URL (try --help)");
    assertThat(Cli.run("gen-cred-partition", "-did", "x", "--image").errLines())
        .containsExactly("gen-cred-partition: missing: --image raw|page|hex (try --help)");
  }

  @Test
  void valueOfAnotherOption_namesThatOption() {
    assertThat(Cli.run("gen-cred-partition", "-did", "x", "--format", "hex").errLines())
        .containsExactly(
            "gen-cred-partition: bad value for --format text|json; did you mean --image"
                + " raw|page|hex? (try --help)");
  }

  @ParameterizedTest
  @CsvSource({
    "store list --store sqlite:a --store sqlite:b, store list: given twice: --store STORE",
    "inspect x --at=0x0 --at=0x1, inspect: given twice: --address ADDRESS",
    "store list --store sqlite:a --wrapping-key b --store-key=c,"
        + " store list: given twice: --wrapping-key FILE",
    "provision x --server a --server b, provision: given twice: --server URL",
    "provision x --server a --dry-run --dry-run, provision: given twice: --dry-run"
  })
  void optionGivenTwice_isNamed_inAGroupOrNot(String arguments, String message) {
    assertThat(Cli.run(arguments.split(" ")).errLines()).containsExactly(message + " (try --help)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef0123456789abcdef",
        "--device-tokn=0123456789abcdef0123456789abcdef",
        "-dtoken=0123456789abcdef0123456789abcdef",
        "-dtoken 0123456789abcdef0123456789abcdef",
        "--generate-token=0123456789abcdef0123456789abcdef",
        "--format 0123456789abcdef0123456789abcdef",
        "-o --device-token=0123456789abcdef0123456789abcdef",
        "-o -dtok=0123456789abcdef0123456789abcdef",
        "-dtok 0123456789abcdef0123456789abcdef -dtok 0123456789abcdef0123456789abcdef",
      })
  void valueThatFitsNowhere_isNotRepeated_sinceItMayBeAToken(String arguments) {
    Cli run = Cli.run(("gen-cred-partition --device-id a " + arguments).split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).doesNotContain("0123456789abcdef");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void standardOutput_thatCannotBeWritten_isAFailure() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    Streams streams =
        new Streams(
            System.in, new PrintStream(full, false, UTF_8), new PrintStream(err, true, UTF_8));

    assertThat(Main.run(streams, Optional.empty(), "--help")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("cannot write to standard output");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen-cred-partition",
        "inspect",
        "provision",
        "sync",
        "serve",
        "device",
        "store",
        "manifest",
        "doctor",
        "demo"
      })
  void help_ofEachCommand_isPrinted(String command) {
    Cli run = Cli.run(command, "--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Usage: lwm2m-creds " + command);
  }

  @Test
  void help_listsCommandsAndExitCodes() {
    Cli run = Cli.run("--help");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("gen-cred-partition", "inspect", "provision", "serve", "device", "store", "demo")
        .contains("3   done, with findings");
  }

  @Test
  void help_listsTheKeysOfConfigurationFiles_onlyOnTop() {
    assertThat(Cli.run("--help").out())
        .contains("Configuration:", "serve.host=0.0.0.0", "wrapping-key", "XDG_CONFIG_HOME");
    assertThat(Cli.run("store", "list", "--help").out())
        .contains("--config=FILE")
        .doesNotContain("Configuration:");
  }

  @Test
  void help_groupsTheOptions_andSaysWhereTheStoreIsRequired() {
    assertThat(Cli.run("store", "add", "--help").out())
        .contains(
            "[--store=STORE",
            "Store (--store is required, unless CREDS_STORE or a configuration file")
        .contains("Location of the partition in flash:");
    assertThat(Cli.run("serve", "--help").out())
        .contains("[--store=STORE", "Store, instead of --partition:", "New wrapping key:");
  }

  @Test
  void version_isPrintedByEachCommand() {
    assertThat(Cli.run("store", "list", "--version").out()).startsWith("lwm2m-creds ");
  }

  @Test
  void verbose_addsTheStackTrace() {
    assertThat(Cli.run("inspect", "no-such-file").err()).doesNotContain("\tat ");
    assertThat(Cli.run("inspect", "no-such-file", "--verbose").err()).contains("\tat ");
    assertThat(
            Cli.run("device", "no-such-file", "--server", "coaps://127.0.0.1:1", "--verbose").err())
        .contains("\tat ");
  }
}
