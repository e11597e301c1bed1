// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** store audit: whether the history is as it was. */
class StoreAuditVerifyTest {
  @TempDir Path folder;
  private TestStore store;
  private Path checkpoint;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
    checkpoint = folder.resolve("checkpoint.json");
    store.add("a", TOKEN);
    store.add("b", TOKEN);
  }

  @Test
  void verify_history_isUnbroken() {
    Cli run = store.run("audit", "--verify");

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).matches("unbroken from 1 to 2, hash [0-9a-f]{64}\\R");
  }

  @Test
  void verify_alteredEntry_tellsWhereItBreaks() {
    store.tamper("UPDATE lwm2m_creds_audit SET actor = 'nobody' WHERE number = 2");

    Cli run = store.run("audit", "--verify");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("unbroken from 1 to 1", "broken at entry 2");
  }

  @Test
  void checkpoint_historyThatWentOn_hasEverything() {
    Cli saved = store.run("audit", "--save-checkpoint", checkpoint.toString());
    assertThat(saved.out()).contains("checkpoint at entry 2 written to");
    store.run("remove", "b");

    Cli run = store.run("audit", "--checkpoint", checkpoint.toString());

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out())
        .contains("unbroken from 1 to 3", "nothing is missing since the checkpoint at entry 2");
  }

  @Test
  void checkpoint_storePutBackToABackup_isReported() throws IOException {
    byte[] backup = Files.readAllBytes(store.file());
    store.run("revoke", "a");
    store.run("audit", "--verify", "--save-checkpoint", checkpoint.toString());
    Files.write(store.file(), backup);

    Cli cut = store.run("audit", "--checkpoint", checkpoint.toString());
    store.run("remove", "b");
    Cli forked = store.run("audit", "--checkpoint", checkpoint.toString());

    assertThat(cut.code()).isEqualTo(3);
    assertThat(cut.out()).contains("ends at entry 2", "had entry 3", "cut off");
    assertThat(forked.code()).isEqualTo(3);
    assertThat(forked.out()).contains("another entry 3", "restored");
    assertThat(store.run("audit", "--verify").code()).as("in itself it is sound").isZero();
  }

  @Test
  void saveCheckpoint_fileThatExists_isNotOverwritten() throws IOException {
    Files.writeString(checkpoint, "precious");

    Cli run = store.run("audit", "--save-checkpoint", checkpoint.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(checkpoint).hasContent("precious");
  }

  @Test
  void saveCheckpoint_brokenHistory_isNotSaved() {
    store.tamper("DELETE FROM lwm2m_creds_audit WHERE number = 1");

    Cli run = store.run("audit", "--save-checkpoint", checkpoint.toString());

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("broken").doesNotContain("1 to 0");
    assertThat(checkpoint).doesNotExist();
  }

  @Test
  void verify_emptyHistory_isSaidToBeEmpty(@TempDir Path other) {
    Cli run = TestStore.init(other).run("audit", "--verify");

    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("the history has no entries yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--after=1", "--endpoint=a", "--format=csv"})
  void verify_withWhatListsEntries_isRefused(String option) {
    Cli run = store.run("audit", "--verify", option);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).singleElement().asString().contains(option.substring(0, 7));
  }

  @Test
  void json_hasTheFindings_andThenWhereTheHistoryStands() throws Exception {
    ObjectMapper json = new ObjectMapper();
    Cli saved = store.run("audit", "--save-checkpoint", checkpoint.toString(), "--format", "json");
    List<String> lines = saved.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(json.readTree(lines.get(0)).get("unbrokenTo").asLong()).isEqualTo(2);
    assertThat(json.readTree(lines.get(1)).get("file").asText()).isEqualTo(checkpoint.toString());
    assertThat(json.readTree(lines.get(1)).get("hash"))
        .isEqualTo(json.readTree(lines.get(0)).get("hash"));
    store.tamper("UPDATE lwm2m_creds_audit SET actor = 'nobody' WHERE number = 2");

    Cli broken = store.run("audit", "--checkpoint", checkpoint.toString(), "--format", "json");

    assertThat(broken.code()).isEqualTo(3);
    lines = broken.out().lines().toList();
    assertThat(json.readTree(lines.get(0)).get("problem").asText()).contains("entry 2");
    JsonNode sum = json.readTree(lines.get(lines.size() - 1));
    assertThat(sum.get("findings").asInt()).isEqualTo(lines.size() - 1);
    assertThat(sum.get("unbrokenTo").asLong()).isEqualTo(1);
    assertThat(sum.get("checkpoint").asLong()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"number\":-1}",
        "{\"number\":1.5}",
        "{\"number\":1,\"hash\":\"00\"}",
        "{\"number\":1,\"hash\":\"0000000000000000000000000000000000000000000000000000000000000000\"}"
      })
  void checkpoint_somethingElse_isRefused(String content) throws IOException {
    Files.writeString(checkpoint, content);

    Cli run = store.run("audit", "--checkpoint", checkpoint.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).singleElement().asString().contains("is not a checkpoint");
  }
}
