// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** remove, revoke and rotate. */
class StoreRetireCommandsTest {
  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
    store.add("a", TOKEN);
  }

  @Test
  void remove_takesTheCredentialAway_whichMayComeBack() {
    Cli run = store.run("remove", "a");

    assertThat(run.code()).isZero();
    assertThat(run.out()).matches("a {32}[0-9a-f]{8}  removed\\R");
    assertThat(store.run("list").out()).isEmpty();
    assertThat(store.run("remove", "a").code()).isEqualTo(2);
    store.add("a", TOKEN);
  }

  /** The number that is added can be what no longer fits. */
  @Test
  void rotate_toAnIdentityThatTheDevicesStackDoesNotTake_isRefused() {
    String name = "b".repeat(31);
    store.add(name, TOKEN);

    Cli run = store.run("rotate", name, "--device-stack", "tinydtls");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("tinydtls", "at most 32 bytes", "this one has 33");

    assertThat(store.run("rotate", name, "--device-stack", "openssl").code()).isZero();
  }

  /** A name with a slip would be revoked, and the stolen device would go on. */
  @Test
  void revoke_ofAnUnknownEndpoint_isRefused_andNamesWhatIsNear() {
    store.add("sensor-0042", TOKEN);
    store.add("sensor-1", TOKEN);

    Cli run = store.run("revoke", "Senser-0042");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err())
        .contains("'Senser-0042'", "did you mean 'sensor-0042'?", "--unknown")
        .doesNotContain("sensor-1");
    assertThat(store.run("list", "--revoked").out()).isEmpty();
    assertThat(store.run("revoke", "quite-another").err()).doesNotContain("did you mean");
  }

  @Test
  void revoke_ofAnUnknownEndpoint_isDoneOnRequest() {
    Cli run = store.run("revoke", "b", "--unknown");

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out().strip()).isEqualTo("revoked b");
    assertThat(run.err()).isEmpty();
    assertThat(store.run("add", "--endpoint", "b").code()).isEqualTo(2);
  }

  @Test
  void revoke_ofAnEndpointThatWasRemoved_isDone_andSaysSo() {
    store.run("remove", "a");

    Cli run = store.run("revoke", "a");

    assertThat(run.code()).isZero();
    assertThat(run.out().strip()).isEqualTo("revoked a");
    assertThat(run.err()).startsWith("warning: ").contains("had no credential");
  }

  @Test
  void revoke_ofARevokedEndpoint_saysSinceWhen_andWhy() throws Exception {
    store.run("revoke", "a", "--reason", "stolen");

    Cli run = store.run("revoke", "a", "--reason", "lost");

    assertThat(run.code()).isZero();
    assertThat(run.out()).matches("revoked a already, on 2\\S+Z \\(stolen\\)\\R");
    assertThat(run.err()).isEmpty();
    JsonNode json = new ObjectMapper().readTree(store.run("revoke", "a", "--format", "json").out());
    assertThat(json.get("outcome").asText()).isEqualTo("already revoked");
    assertThat(json.get("reason").asText()).isEqualTo("stolen");
    assertThat(json.get("time").asText()).isNotEmpty();
  }

  @Test
  void revoke_ofWhatIsNoEndpoint_isRefused() {
    assertThat(store.run("revoke", "").err()).contains("the endpoint is empty");
    assertThat(store.run("revoke", "", "--unknown").code()).isEqualTo(2);
  }

  @Test
  void revoke_ofADevice_takesAllItHas() {
    store.run("rotate", "a");

    Cli run = store.run("revoke", "a");

    assertThat(run.err()).isEmpty();
    assertThat(store.run("list").out()).isEmpty();
    assertThat(store.run("list", "--revoked").out().lines()).hasSize(3);
  }

  @Test
  void rotate_numbersTheIdentity_andBothCredentialsAreGood() {
    Cli run = store.run("rotate", "a", "--deadline", "12h");

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).contains("identity 'a.2'  valid beside the current one until 2");
    try (JdbcCredentialStore open = JdbcCredentialStore.sqlite(store.file()).open()) {
      assertThat(open.findPsk(PskIdentity.of("a"))).isPresent();
      assertThat(open.findPsk(PskIdentity.of("a.2"))).isPresent();
      assertThat(open.confirm(PskIdentity.of("a.2"))).isTrue();
    }
    assertThat(store.run("rotate", "a").out()).contains("identity 'a.3'");
  }

  @Test
  void rotate_anEndpointThatEndsInANumber_countsBehindIt() {
    store.add("unit.7", TOKEN);

    assertThat(store.run("rotate", "unit.7").out()).contains("identity 'unit.7.2'");
  }

  @Test
  void rotate_writesTheNextCredentialForTheOwnerAlone() throws Exception {
    Path output = folder.resolve("next.json");

    Cli run =
        store.runWithInput(
            TestStore.OTHER_TOKEN.toUpperCase(Locale.ROOT),
            "rotate",
            "a",
            "--identity",
            "ü\"\\",
            "--key",
            "-",
            "-o",
            output.toString());

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).doesNotContainIgnoringCase(TestStore.OTHER_TOKEN);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
        .isEqualTo("rw-------");
    JsonNode json = new ObjectMapper().readTree(output.toFile());
    assertThat(json.get("endpoint").textValue()).isEqualTo("a");
    assertThat(json.get("pskIdentity").textValue()).isEqualTo("ü\"\\");
    assertThat(json.get("key").textValue()).isEqualTo(TestStore.OTHER_TOKEN);
  }

  @Test
  void rotate_toTheKeyItHas_orASecondTime_isRefused() {
    assertThat(store.runWithInput(TOKEN, "rotate", "a", "--key", "-").err())
        .contains("--key is the device's current key");
    assertThat(store.run("rotate", "a").code()).isZero();

    Cli again = store.run("rotate", "a", "--identity", "third");

    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("is already rotating");
    assertThat(store.run("rotate", "a", "--identity", "third", "--replace").code()).isZero();
  }

  @Test
  void rotate_refused_changesNothing_andLeavesNoFile() {
    store.add("taken", TOKEN);
    store.add("gone", TOKEN);
    store.run("revoke", "gone");
    String output = folder.resolve("next.json").toString();

    for (String[] args :
        new String[][] {
          {"a", "--identity", "a"},
          {"a", "--identity", "taken"},
          {"a", "--identity", "gone"},
          {"a", "--identity", "x".repeat(129)},
          {"a", "--identity", ""},
          {"nobody"},
          {"a", "--deadline", "0d"},
          {"a", "--deadline", "soon"},
          {"a", "--key", TOKEN},
        }) {
      String[] all = Arrays.copyOf(args, args.length + 2);
      all[args.length] = "-o";
      all[args.length + 1] = output;
      Cli run = store.run("rotate", all);
      assertThat(run.code()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(run.errLines()).as(String.join(" ", args)).hasSize(1);
      assertThat(Path.of(output)).doesNotExist();
    }
    assertThat(store.run("list").out()).doesNotContain("rotating");
  }
}
