package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @Test
  void noCommand_isBadUsage() {
    Cli run = Cli.run();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void unknownOption_isBadUsageInOneLine() {
    Cli run = Cli.run("inspect", "x", "--no-such-option");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("--no-such-option", "--help");
  }

  @Test
  void argumentTooMany_isNotRepeated_sinceItMayBeAToken() {
    Cli run = Cli.run("gen-cred-partition", "--device-id", "a", "0123456789abcdef0123456789abcdef");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).doesNotContain("0123456789abcdef");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gen-cred-partition", "inspect", "provision", "serve", "device", "demo"})
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
        .contains("gen-cred-partition", "inspect", "provision", "serve", "device", "demo")
        .contains("3   done, with findings");
  }

  @Test
  void verbose_addsTheStackTrace() {
    assertThat(Cli.run("inspect", "no-such-file").err()).doesNotContain("\tat ");
    assertThat(
            Cli.run("device", "no-such-file", "--server", "coaps://127.0.0.1:1", "--verbose").err())
        .contains("\tat ");
  }
}
