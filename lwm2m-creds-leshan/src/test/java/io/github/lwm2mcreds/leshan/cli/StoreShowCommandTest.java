// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreShowCommandTest {
  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
    store.add("sensor-1", TOKEN);
  }

  @Test
  void device_isShownWithoutItsKey() {
    Cli run = store.run("show", "sensor-1");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("sensor-1" + System.lineSeparator())
        .contains("  identity     sensor-1")
        .containsPattern("  check value  [0-9a-f]{8}")
        .doesNotContain(TOKEN);
  }

  @Test
  void reveal_asksFirst_andShowsTheKeyOnceTheEndpointIsTyped() {
    Cli run = store.runWithInput("sensor-1\n", "show", "sensor-1", "--reveal");

    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("Type the endpoint").doesNotContain(TOKEN);
    assertThat(run.out()).contains("  key          " + TOKEN);
  }

  @Test
  void reveal_notConfirmed_showsNothing() {
    for (String typed : new String[] {"", "\n", "y\n", "sensor-2\n", "sensor-1 \n"}) {
      Cli run = store.runWithInput(typed, "show", "sensor-1", "--reveal");
      assertThat(run.code()).as(typed).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).doesNotContain(TOKEN);
    }
  }

  @Test
  void reveal_withPassphraseOnStandardInput_readsALineForEach() {
    String file = "sqlite:" + folder.resolve("other.db");
    Cli.runWithInput("a b\n", "store", "init", "--store", file, "--store-passphrase", "-");
    Cli added =
        Cli.runWithInput(
            "a b\n" + TOKEN,
            "store",
            "add",
            "--store",
            file,
            "--store-passphrase",
            "-",
            "--endpoint",
            "ep",
            "--key",
            "-");
    assertThat(added.code()).as(added::err).isZero();

    Cli run =
        Cli.runWithInput(
            "a b\nep\n",
            "store",
            "show",
            "ep",
            "--store",
            file,
            "--store-passphrase",
            "-",
            "--reveal");

    assertThat(run.out()).contains(TOKEN);
  }

  @Test
  void rotation_isShown_andItsKeyRevealed() {
    store.runWithInput(OTHER_TOKEN, "rotate", "sensor-1", "--key", "-");

    assertThat(store.run("show", "sensor-1").out())
        .contains("  rotation     rotating to 'sensor-1.2' until ")
        .containsPattern("  next         [0-9a-f]{8}")
        .doesNotContain(OTHER_TOKEN);
    assertThat(store.run("show", "sensor-1", "--reveal", "--yes").out())
        .contains("  key          " + TOKEN, "  next key     " + OTHER_TOKEN);
  }

  @Test
  void revokedEndpoint_isShownAsSuch_andHistoryOnRequest() {
    store.run("revoke", "sensor-1", "--reason", "lost");

    Cli run = store.run("show", "sensor-1", "--history");

    assertThat(run.code()).isZero();
    assertThat(run.out()).containsPattern("  revoked      \\S+Z  lost").doesNotContain("check");
    assertThat(run.out().lines().filter(line -> line.startsWith("  history ")))
        .satisfiesExactly(
            line -> assertThat(line).contains("ADDED"),
            line -> assertThat(line).contains("REVOKED"));
  }

  @Test
  void unknownEndpoint_isRefused() {
    Cli run = store.run("show", "no\u001bbody", "--reveal", "--yes");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'no\\u001bbody' has no credential");
  }
}
