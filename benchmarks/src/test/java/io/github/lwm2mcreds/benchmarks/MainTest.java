// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.benchmarks.contest.Contest;
import io.github.lwm2mcreds.benchmarks.contest.Effort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

class MainTest {
  private static final int DONE = 0;
  private static final int REFUSED = 2;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine line = Main.line();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(args);
  }

  private static ParseResult parse(String... args) {
    return Main.line().parseArgs(args).subcommand();
  }

  @ParameterizedTest
  @EnumSource
  void contest_namedAsPrintedOrAsInCode_isTaken(Contest contest) {
    assertThat(contest.toString()).matches("[a-z]+(-[a-z]+)*");
    for (String name : List.of(contest.toString(), contest.name())) {
      Contest taken = parse("contest", name).matchedPositionalValue(0, null);
      assertThat(taken).isEqualTo(contest);
    }
  }

  @ParameterizedTest
  @EnumSource
  void effort_namedAsPrintedOrAsInCode_isTaken(Effort effort) {
    for (String name : List.of(effort.toString(), effort.name())) {
      Effort taken = parse("overload", name).matchedPositionalValue(0, null);
      assertThat(taken).isEqualTo(effort);
    }
  }

  @ParameterizedTest
  @CsvSource({"contest, missing NAME", "contest peer, NAME cannot be 'peer'"})
  void contest_withoutKnownName_isRefusedWithAllNames(String typed, String message) {
    assertThat(run(typed.split(" "))).isEqualTo(REFUSED);
    assertThat(err.toString()).startsWith("benchmarks contest: " + message).hasLineCount(1);
    for (Contest contest : Contest.values()) {
      assertThat(err.toString()).contains(contest.toString());
    }
  }

  @Test
  void effort_unknown_isRefusedWithAllNames() {
    assertThat(run("contest", "peers", "fast")).isEqualTo(REFUSED);
    assertThat(err.toString())
        .contains("EFFORT cannot be 'fast'; there are quick, short, reduced, full")
        .hasLineCount(1);
  }

  @Test
  void command_unknown_isRefusedWithAllCommands() {
    assertThat(run("peers")).isEqualTo(REFUSED);
    assertThat(err.toString())
        .contains("no command 'peers'")
        .contains(Main.line().getSubcommands().keySet())
        .hasLineCount(1);
  }

  @Test
  void command_missing_isRefusedWithUsage() {
    assertThat(run()).isEqualTo(REFUSED);
    assertThat(err.toString())
        .startsWith("Usage: benchmarks")
        .contains(Main.line().getSubcommands().keySet());
  }

  @Test
  void help_printsUsage() {
    assertThat(run("--help")).isEqualTo(DONE);
    assertThat(out.toString()).startsWith("Usage: benchmarks").contains("contest");
    assertThat(run("contest", "--help")).isEqualTo(DONE);
    assertThat(out.toString()).contains("NAME [EFFORT] [FOLDER]").contains("peers-without-hello-");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "stores", "memory", "lot", "try", "report"})
  void argument_missing_isRefused(String command) {
    assertThat(run(command)).isEqualTo(REFUSED);
    assertThat(err.toString()).startsWith("benchmarks " + command + ": missing ").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quick x",
        "quick -x",
        "full a x",
        "contest peers quick a x",
        "overload quick a x",
        "stores a x",
        "report a x"
      })
  void argument_tooMany_isRefused(String typed) {
    assertThat(run(typed.split(" "))).isEqualTo(REFUSED);
    assertThat(err.toString()).containsPattern("cannot use '-?x'").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "1000 many", "0", "-1", "99999999999"})
  void memory_ofNoNumberOfDevices_isRefused(String sizes) {
    assertThat(run(("memory " + sizes).split(" "))).isEqualTo(REFUSED);
    assertThat(err.toString()).hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "0", "-1", "1000 2000"})
  void import_ofNoNumberOfDevices_isRefused(String devices) {
    assertThat(run(("import " + devices).split(" "))).isEqualTo(REFUSED);
    assertThat(err.toString()).hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "0", "-1", "1000 a x"})
  void lot_ofNoNumberOfDevices_isRefused(String devices) {
    assertThat(run(("lot " + devices).split(" "))).isEqualTo(REFUSED);
    assertThat(err.toString()).hasLineCount(1);
  }

  @Test
  void try_withNoOptionOfTheJvm_isRefused() {
    assertThat(run("try", "-Xint", "Xint")).isEqualTo(REFUSED);
    assertThat(err.toString()).contains("'Xint' is not an option").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "full",
        "stores",
        "contest peers quick",
        "overload quick",
        "crowding quick",
        "restart quick",
        "power-cut 10",
        "rolling quick",
        "lot 10"
      })
  void folder_thatCannotBeMade_isRefusedBeforeMeasuring(String command, @TempDir Path temp)
      throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThat(run((command + " " + file).split(" "))).isEqualTo(REFUSED);
    assertThat(err.toString()).contains("cannot make the folder " + file).hasLineCount(1);
  }

  @Test
  void report_ofFolderWithoutResults_isRefused(@TempDir Path temp) throws IOException {
    Files.createFile(temp.resolve("README.md"));
    assertThat(run("report", temp.toString())).isEqualTo(REFUSED);
    assertThat(err.toString()).contains(temp + " has no README.md or no folder").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jmh PskLookup -f 1 -h @pom.xml", "try -Xint -agentpath:lib.so=a,b"})
  void optionsOfOthers_arePassedOn(String typed) {
    String[] args = typed.split(" ");
    List<String> passedOn = parse(args).matchedPositionalValue(0, List.of());
    assertThat(passedOn).containsExactly(typed.substring(typed.indexOf(' ') + 1).split(" "));
  }
}
