// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreAddCommandTest {
  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
  }

  @Test
  void partitions_areAdded_aRowEach_withoutKeys() {
    Cli run = store.run("add", store.partition("a", TOKEN), store.partition("b", OTHER_TOKEN));

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out().lines()).hasSize(2).allMatch(row -> row.endsWith("  added"));
    assertThat(run.out()).doesNotContain(TOKEN, OTHER_TOKEN);
    assertThat(store.run("show", "a", "--reveal", "--yes").out()).contains(TOKEN);
  }

  @Test
  void theSameAgain_isUnchanged() {
    store.add("a", TOKEN);

    Cli run = store.run("add", store.partition("a", TOKEN));

    assertThat(run.code()).isZero();
    assertThat(run.out()).endsWith("  unchanged" + System.lineSeparator());
    assertThat(store.run("audit").out().lines()).hasSize(1);
  }

  @Test
  void anotherKey_isRefusedUnlessToBeReplaced_andNothingIsAdded() {
    store.add("a", TOKEN);
    String fresh = store.partition("b", TOKEN);
    String changed = store.partition("a", OTHER_TOKEN);

    Cli run = store.run("add", fresh, changed);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'a' has another credential", "--replace");
    assertThat(run.out()).isEmpty();
    assertThat(store.run("list").out().lines()).hasSize(1);

    assertThat(store.run("add", fresh, changed, "--replace").out().lines())
        .satisfiesExactly(
            row -> assertThat(row).endsWith("added"), row -> assertThat(row).endsWith("replaced"));
    assertThat(store.run("show", "a", "--reveal", "--yes").out()).contains(OTHER_TOKEN);
  }

  @Test
  void credentialThatTheDevicesStackDoesNotTake_isRefused_andNothingIsAdded() {
    String longName = "n".repeat(33);

    Cli run = store.run("add", "--endpoint", longName, "--device-stack", "tinydtls");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("'" + longName + "' does not fit", "tinydtls", "at most 32 bytes", "has 33");
    Cli file = store.run("add", store.partition("e".repeat(17), TOKEN), "--device-stack", "zephyr");
    assertThat(file.code()).isEqualTo(2);
    assertThat(file.err()).contains("zephyr:16", "CONFIG_LWM2M_SECURITY_KEY_SIZE");
    assertThat(store.run("list").out()).isEmpty();

    assertThat(store.run("add", "--endpoint", longName, "--device-stack", "mbedtls-3").code())
        .isZero();
  }

  @Test
  void unknownDeviceStack_listsAll() {
    Cli run = store.run("add", "--endpoint", "a", "--device-stack", "mbedtls");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--device-stack: 'mbedtls'", "mbedtls-2", "zephyr:SIZE");
    assertThat(store.run("list").out()).isEmpty();
  }

  @Test
  void oneBadFile_addsNothing() {
    Cli run = store.run("add", store.partition("a", TOKEN), folder.resolve("none").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(store.run("list").out()).isEmpty();
  }

  @Test
  void weakKey_isRefusedUnlessAllowedLoudly() {
    String weak = store.partition("a", "000102030405060708090a0b0c0d0e0f");

    assertThat(store.run("add", weak).code()).isEqualTo(2);

    Cli run = store.run("add", weak, "--allow-weak-keys");
    assertThat(run.code()).isZero();
    assertThat(run.err()).startsWith("warning: ");
  }

  @Test
  void devicesThatShareAKey_areAddedWithAWarning() {
    Cli run = store.run("add", store.partition("a", TOKEN), store.partition("b", TOKEN));

    assertThat(run.code()).isZero();
    assertThat(run.err())
        .startsWith("warning: ")
        .contains("also that of 'a'")
        .doesNotContain(TOKEN);
  }

  @Test
  void filesWithOneEndpoint_andTwoKeys_areBothNamed_andNothingIsAdded() {
    String one = store.partition("a", TOKEN);
    String other = store.partition("a", OTHER_TOKEN);

    Cli run = store.run("add", one, one, other, "--replace");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(other + ": 'a' is also in " + one + ", with another key");
    assertThat(store.run("list").out()).isEmpty();
    assertThat(store.run("add", one, one).out().lines()).hasSize(1);
  }

  @Test
  void identityOfAnother_isRefused_andNothingIsAdded() {
    store.run("add", "--endpoint", "a", "--identity", "b");

    Cli run = store.run("add", store.partition("c", TOKEN), store.partition("b", OTHER_TOKEN));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("'b' is already used by another endpoint");
    assertThat(store.run("list").out().lines()).hasSize(1);
  }

  @Test
  void generated_isWrittenForTheOwnerAlone_andIsInTheStore() throws Exception {
    Path output = folder.resolve("new.bin");

    Cli run = store.run("add", "--endpoint", "a", "-o", output.toString());

    assertThat(run.code()).as(run::err).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
        .isEqualTo("rw-------");
    assertThat(store.run("add", output.toString()).out()).contains("unchanged");
  }

  @Test
  void generated_refusedByTheStore_leavesNoFile() {
    Path output = folder.resolve("new.bin");
    store.run("add", "--endpoint", "b", "--identity", "a");

    Cli run = store.run("add", "--endpoint", "a", "-o", output.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(Files.exists(output)).isFalse();
  }

  @Test
  void generated_whereAFileIs_isRefused_andTheFileStays() {
    String output = store.partition("precious", TOKEN);

    Cli run = store.run("add", "--endpoint", "a", "-o", output);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("not overwritten", "'precious'").doesNotContain("--force");
    assertThat(store.run("list").out()).isEmpty();
    assertThat(store.run("add", output).out()).startsWith("precious ");
  }

  @Test
  void generated_thatNoPartitionHolds_isRefusedWithOutputOnly() {
    String output = folder.resolve("new.bin").toString();

    Cli run = store.run("add", "--endpoint", "a", "--identity", "b", "-o", output);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("use their endpoint as PSK identity");
    assertThat(Path.of(output)).doesNotExist();

    assertThat(store.run("add", "--endpoint", "a", "--identity", "b").out())
        .contains("identity 'b'");
  }

  @Test
  void ownKey_isReadFromStandardInput_andRefusedOnTheCommandLine() {
    Cli literal = store.run("add", "--endpoint", "a", "--key", TOKEN);
    assertThat(literal.code()).isEqualTo(2);
    assertThat(literal.err()).contains("--key must be @FILE or -").doesNotContain(TOKEN);

    assertThat(store.runWithInput("zz", "add", "--endpoint", "a", "--key", "-").code())
        .isEqualTo(2);
    assertThat(store.runWithInput(TOKEN + "\n", "add", "--endpoint", "a", "--key", "-").code())
        .isZero();
    assertThat(store.run("add", store.partition("a", TOKEN)).out()).contains("unchanged");
  }

  @Test
  void revokedEndpoint_isAddedAgainOnlyWhenReinstated() {
    store.add("a", TOKEN);
    store.run("revoke", "a", "--reason", "lost");
    String file = store.partition("a", OTHER_TOKEN);

    Cli run = store.run("add", store.partition("b", TOKEN), file);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'a' was revoked", "(lost)", "--reinstate");
    assertThat(store.run("list").out()).isEmpty();

    assertThat(store.run("add", file, "--reinstate").code()).isZero();
    assertThat(store.run("list").out()).startsWith("a ");
    assertThat(store.run("show", "a").out()).doesNotContain("revoked");
  }

  @Test
  void neitherOrBothSources_areRefused() {
    assertThat(store.run("add").code()).isEqualTo(2);
    assertThat(store.run("add", "x.bin", "--endpoint", "a").code()).isEqualTo(2);
    assertThat(store.run("add", "x.bin", "-o", "y").err()).contains("need --endpoint");
    assertThat(store.run("add", "--endpoint", "").code()).isEqualTo(2);
    assertThat(store.run("add", "--endpoint", "a\nb").errLines()).hasSize(1);
  }
}
