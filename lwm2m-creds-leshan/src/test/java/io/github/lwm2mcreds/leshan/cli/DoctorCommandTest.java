// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
    store.add("a", TOKEN);
    store.add("b", OTHER_TOKEN);
  }

  private Cli doctor(String... args) {
    List<String> all = new ArrayList<>(List.of("doctor", "--store", "sqlite:" + store.file()));
    all.addAll(List.of(args));
    return Cli.run(all.toArray(String[]::new));
  }

  private static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void doctor_ofASoundStore_measuresAndFindsNothing() {
    Cli run = doctor();

    assertThat(run.code()).as(run::out).isZero();
    assertThat(run.out())
        .contains("random.health", "platform", "files", "store.state", "keys.patterns")
        .contains("  endpoints: 2", "  sound: true", "  credentials: 2", "fleet.db.key'")
        .endsWith("findings: none\n")
        .doesNotContain(TOKEN)
        .doesNotContain(OTHER_TOKEN);
  }

  @Test
  void doctor_withoutAStore_looksAtTheMachine() {
    Cli run = Cli.run("doctor");

    assertThat(run.code()).as(run::out).isZero();
    assertThat(run.out()).contains("random.health", "platform").doesNotContain("store.state");
  }

  @Test
  void doctor_sharedKey_namesTheEndpointsAndSaysWhatToDo() {
    store.add("c", TOKEN);

    Cli run = doctor();

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .contains(
            "serious: 2 endpoint(s), 'a', 'c', share a key with another endpoint; give each device"
                + " a random key of its own: store rotate [SHARED_KEY]")
        .endsWith("findings: 1\n")
        .doesNotContain(TOKEN);
  }

  @Test
  void doctor_damagedKey_isAFindingOfItsEndpoint() {
    store.tamper(
        "UPDATE lwm2m_creds_credential SET sealed = (SELECT sealed FROM lwm2m_creds_credential"
            + " WHERE endpoint = x'61') WHERE endpoint = x'62'");

    Cli run = doctor();

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("'b', have a key that does not open; store check tells why");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doctor_folderThatOthersMayWriteTo_isSerious() throws Exception {
    mode(folder, "rwxrwxrwx");

    Cli run = doctor();

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .contains("serious: others may replace files in " + folder.toRealPath() + " (mode 0777)");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doctor_fileThatOthersMayRead_isSeriousThoughTheStoreDoesNotOpen() throws Exception {
    mode(Path.of(store.file() + ".key"), "rw-r--r--");

    Cli run = doctor();

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .contains("fleet.db.key is open to others (mode 0644)", "[FILE_MODE]", "[STORE]");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doctor_symbolicLinkToTheSessions_isANoticeThatFailsNothing() throws Exception {
    Path sessions = Files.createFile(folder.resolve("sessions"), PrivateFiles.ownerOnly());
    Path link = Files.createSymbolicLink(folder.resolve("link"), sessions);

    Cli run = doctor("--sessions", link.toString());

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("notice: " + link + " is a symbolic link");
  }

  @Test
  void doctor_storeThatIsNotThere_isRefused() {
    Cli run = Cli.run("doctor", "--store", "sqlite:" + folder.resolve("none.db"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("doctor: ");
  }

  @Test
  void formatJson_isOneObjectPerLine() throws Exception {
    store.add("c", TOKEN);

    Cli run = doctor("--format", "json");

    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines.get(lines.size() - 1).path("findings").asInt()).isEqualTo(1);
    assertThat(lines.get(lines.size() - 2).path("finding").asText()).isEqualTo("SHARED_KEY");
    assertThat(lines.get(lines.size() - 2).path("endpoints")).hasSize(2);
  }

  private Path evidence(String name) throws IOException {
    Path file = folder.resolve(name);
    Cli run = doctor("--evidence", file.toString());
    assertThat(run.err()).isEmpty();
    assertThat(PrivateFiles.widerMode(file)).isEmpty();
    return file;
  }

  @Test
  void evidence_namesMethodResultAndProvisionsOfEachClaim_andNoKey() throws Exception {
    Path file = evidence("e.json");

    JsonNode root = new ObjectMapper().readTree(file.toFile());
    assertThat(root.path("history").path("number").asInt()).isEqualTo(2);
    assertThat(root.path("history").path("hash").asText()).matches("[0-9a-f]{64}");
    assertThat(root.path("claims"))
        .hasSize(9)
        .allSatisfy(
            claim -> {
              assertThat(claim.path("method").asText()).isNotEmpty();
              assertThat(claim.path("result").isObject()).isTrue();
              assertThat(claim.path("answers")).isNotEmpty();
            });
    assertThat(Files.readString(file))
        .contains("ETSI EN 303 645 V2.1.1, provision 5.4-4")
        .contains("Regulation (EU) 2024/2847, Annex I, Part I, (2)(e)")
        .doesNotContain(TOKEN);
  }

  @Test
  void evidence_twice_differsInTimeAndDigestOnly() throws Exception {
    List<String> first = Files.readAllLines(evidence("1.json"));
    List<String> second = Files.readAllLines(evidence("2.json"));

    assertThat(second).hasSameSizeAs(first);
    for (int i = 0; i < first.size(); i++) {
      if (!first.get(i).matches("  \"(time|sha256)\" .*")) {
        assertThat(second.get(i)).isEqualTo(first.get(i));
      }
    }
  }

  @Test
  void evidence_existingFile_isNotOverwritten() throws Exception {
    Path file = evidence("e.json");

    assertThat(doctor("--evidence", file.toString()).code()).isEqualTo(2);
  }

  @Test
  void verifyEvidence_ofTheSameStore_isTheSame() throws Exception {
    Cli run = doctor("--verify-evidence", evidence("e.json").toString());

    assertThat(run.code()).as(run::out).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "history: at the same position, 2",
            "keys.age: the same",
            "keys.distribution: the same",
            "keys.patterns: the same",
            "store.history: the same",
            "store.state: the same");
  }

  @Test
  void verifyEvidence_afterTheStoreChanged_saysWhichClaimsDiffer() throws Exception {
    Path file = evidence("e.json");
    store.add("c", TOKEN);

    Cli run = doctor("--verify-evidence", file.toString());

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .contains("history: went on by 1 changes since position 2")
        .contains("keys.patterns: differs: ", "\"SHARED_KEY\":2")
        .contains("store.history: the same");
  }

  @Test
  void verifyEvidence_afterAnOlderStateWasPutBack_saysThatTheHistoryIsAnother() throws Exception {
    Path copy = Files.copy(store.file(), folder.resolve("copy"));
    store.add("c", TOKEN);
    Path file = evidence("e.json");
    Files.delete(store.file());
    Files.copy(copy, store.file());
    mode(store.file(), "rw-------");

    Cli run = doctor("--verify-evidence", file.toString());

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("history: differs: ");
  }

  @Test
  void verifyEvidence_changedFile_isRefused() throws Exception {
    Path file = evidence("e.json");
    Files.writeString(
        file, Files.readString(file).replace("\"endpoints\" : 2", "\"endpoints\" : 3"));

    Cli run = doctor("--verify-evidence", file.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("was changed after it was written");
  }

  /** Runs a command with a source of randomness that gives zeros. */
  private String withStuckSource(int exitCode, String... args) throws Exception {
    Path stuck = Files.write(folder.resolve("stuck"), new byte[1 << 16]);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.security.egd=file:" + stuck,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(exitCode);
    return output;
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doctor_stuckSource_isSeriousAndTheRestIsLookedAt() throws Exception {
    assertThat(withStuckSource(3, "doctor", "--store", "sqlite:" + store.file()))
        .contains("[RANDOM_SOURCE]", "2048 equal bytes in a row", "  credentials: 2");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void generateToken_stuckSource_failsInOneLineAndWritesNothing() throws Exception {
    Path image = folder.resolve("cred.bin");
    assertThat(
            withStuckSource(
                1, "gen-cred-partition", "-did", "s", "--generate-token", "-o", image.toString()))
        .startsWith("gen-cred-partition: no key is made: the source of randomness")
        .hasLineCount(1);
    assertThat(image).doesNotExist();
  }
}
