// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.leshan.rest.FakeLeshanApi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command reports with {@code --format json}. */
class FormatJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
  }

  /** Returns the objects of a run, which must be all that it prints, in ASCII and without a key. */
  private static List<JsonNode> objects(Cli run) throws JsonProcessingException {
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isASCII().doesNotContain(TOKEN, OTHER_TOKEN);
    List<JsonNode> objects = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      objects.add(JSON.readTree(line));
    }
    assertThat(objects).isNotEmpty().allMatch(JsonNode::isObject);
    return objects;
  }

  private List<JsonNode> json(String command, String... args) throws JsonProcessingException {
    List<String> all = new ArrayList<>(List.of("--format", "json"));
    all.addAll(List.of(args));
    return objects(store.run(command, all.toArray(String[]::new)));
  }

  private String checkValue(String endpoint) throws JsonProcessingException {
    return json("show", endpoint).get(0).get("checkValue").asText();
  }

  private static JsonNode tree(String text) throws JsonProcessingException {
    return JSON.readTree(text.replace('\'', '"'));
  }

  @Test
  void add_reportsEachCredential_andWhatWasDone() throws Exception {
    String partition = store.partition("ep", TOKEN);

    JsonNode added = json("add", partition).get(0);

    assertThat(added)
        .isEqualTo(
            tree(
                "{'endpoint':'ep','pskIdentity':'ep','checkValue':'"
                    + checkValue("ep")
                    + "','outcome':'added'}"));
    assertThat(json("add", partition).get(0).get("outcome").asText()).isEqualTo("unchanged");
  }

  @Test
  void listAndShow_reportWhatIsThere_withNullForWhatIsNot() throws Exception {
    store.run("add", "--endpoint", "\u00e9\u202e", "--identity", "id");
    store.add("ep", TOKEN);
    JsonNode rotating = json("rotate", "ep").get(0);

    List<JsonNode> list = json("list");

    assertThat(rotating.get("outcome").asText()).isEqualTo("rotating");
    assertThat(list).hasSize(2);
    assertThat(list.get(0))
        .isEqualTo(
            tree(
                "{'endpoint':'ep','pskIdentity':'ep','checkValue':'"
                    + checkValue("ep")
                    + "','nextPskIdentity':'ep.2','deadline':'"
                    + rotating.get("deadline").asText()
                    + "'}"));
    assertThat(list.get(1).get("endpoint").asText()).isEqualTo("\u00e9\u202e");
    assertThat(list.get(1).get("pskIdentity").asText()).isEqualTo("id");
    assertThat(list.get(1).get("nextPskIdentity").isNull()).isTrue();
    JsonNode shown = json("show", "ep").get(0);
    assertThat(shown.get("nextCheckValue")).isEqualTo(rotating.get("checkValue"));
    assertThat(shown.get("revocation").isNull()).isTrue();
  }

  @Test
  void show_withHistory_addsTheEntriesOfTheAuditTrail() throws Exception {
    store.add("ep", TOKEN);
    store.add("other", OTHER_TOKEN);

    List<JsonNode> shown = json("show", "ep", "--history");

    assertThat(shown).hasSize(2);
    assertThat(shown.get(1).get("action").asText()).isEqualTo("ADDED");
    assertThat(shown.get(1)).isEqualTo(json("audit", "--endpoint", "ep").get(0));
  }

  @Test
  void show_revealing_isForPeopleOnly() {
    store.add("ep", TOKEN);

    Cli run = store.run("show", "ep", "--format", "json", "--reveal", "--yes");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("--reveal").doesNotContain(TOKEN);
  }

  @Test
  void revokeAndRemove_reportTheEndpoint() throws Exception {
    store.add("lost", TOKEN);
    store.add("old", OTHER_TOKEN);
    String checkValue = checkValue("old");

    assertThat(json("revoke", "lost", "--reason", "stolen"))
        .containsExactly(tree("{'endpoint':'lost','outcome':'revoked'}"));
    assertThat(json("remove", "old"))
        .containsExactly(
            tree(
                "{'endpoint':'old','pskIdentity':'old','checkValue':'"
                    + checkValue
                    + "','outcome':'removed'}"));
    JsonNode revocation = json("list", "--revoked").get(0);
    assertThat(revocation.get("reason").asText()).isEqualTo("stolen");
    JsonNode shown = json("show", "lost").get(0);
    assertThat(shown.get("revocation")).isEqualTo(revocation);
    assertThat(shown.get("checkValue").isNull()).isTrue();
  }

  @Test
  void check_reportsFindings_andTheirNumberLast() throws Exception {
    store.add("a", TOKEN);
    store.add("b", OTHER_TOKEN);
    assertThat(json("check")).containsExactly(tree("{'credentials':2,'findings':0}"));
    store.tamper(
        "UPDATE lwm2m_creds_credential SET sealed = (SELECT max(sealed) FROM lwm2m_creds_credential"
            + " WHERE endpoint = x'61') WHERE endpoint = x'62'");

    List<JsonNode> objects = json("check");

    assertThat(objects).hasSize(2);
    assertThat(objects.get(0).get("endpoint").asText()).isEqualTo("b");
    assertThat(objects.get(0).get("problem").asText()).isNotEmpty();
    assertThat(objects.get(1)).isEqualTo(tree("{'credentials':2,'findings':1}"));
  }

  @Test
  void initAndReseal_reportWhatOpensTheStore(@TempDir Path other) throws Exception {
    String file = other.resolve("other.db").toString();

    JsonNode created =
        objects(Cli.run("store", "init", "--store", "sqlite:" + file, "--format", "json")).get(0);

    assertThat(created.get("store").asText()).isEqualTo(file);
    assertThat(created.get("opensWith").asText()).isEqualTo("the key file '" + file + ".key'");
    assertThat(created.get("outcome").asText()).isEqualTo("created");
    store.add("ep", TOKEN);
    List<JsonNode> resealed = json("reseal", "--new-wrapping-key", file + ".next");
    assertThat(resealed.get(0)).isEqualTo(tree("{'resealed':1,'unopened':0}"));
    assertThat(resealed.get(resealed.size() - 1).get("opensWith").asText()).contains(".next'");
  }

  @Test
  void genCredPartition_reportsWhereTheTextGoes(@TempDir Path other) throws Exception {
    String file = other.resolve("cred.bin").toString();
    String[] args = {"gen-cred-partition", "-did", "ep", "-dtok", TOKEN, "--format", "json"};

    JsonNode written = objects(run(args, "-o", file)).get(0);
    Cli toStandardOutput = run(args);

    assertThat(written.get("endpoint").asText()).isEqualTo("ep");
    assertThat(written.get("file").asText()).isEqualTo(file);
    assertThat(written.get("outcome").asText()).isEqualTo("written");
    assertThat(toStandardOutput.rawOut()).hasSize(66);
    JsonNode onError = JSON.readTree(toStandardOutput.err());
    assertThat(onError.get("checkValue")).isEqualTo(written.get("checkValue"));
    assertThat(onError.get("file").isNull()).isTrue();
  }

  @Test
  void inspect_formatJson_isTheSameAsJson() throws Exception {
    String partition = store.partition("ep", TOKEN);

    List<JsonNode> objects = objects(Cli.run("inspect", partition, "--format", "json"));

    assertThat(objects).isEqualTo(objects(Cli.run("inspect", partition, "--json")));
    assertThat(objects.get(0).get("endpoint").asText()).isEqualTo("ep");
  }

  @Test
  void provision_reportsWhatTheServerHas_andWhatWasDone() throws Exception {
    String[] args = {"provision", store.partition("ep", TOKEN), "--format", "json", "--server"};
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      JsonNode sent = objects(run(args, server.uri().toString())).get(0);
      JsonNode again = objects(run(args, server.uri().toString(), "--dry-run")).get(0);

      assertThat(sent.get("outcome").asText()).isEqualTo("sent");
      assertThat(sent.get("comparison").asText()).isEqualTo("NEW");
      assertThat(sent.get("serverMode").isNull()).isTrue();
      assertThat(again.get("outcome").asText()).isEqualTo("would be left alone");
      assertThat(again.get("serverCheckValue")).isEqualTo(sent.get("checkValue"));
      assertThat(again.get("serverPskIdentity").asText()).isEqualTo("ep");
    }
  }

  private static Cli run(String[] args, String... rest) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(rest));
    return Cli.run(all.toArray(String[]::new));
  }
}
