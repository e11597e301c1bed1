// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.FakeLeshanApi;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyncCommandTest {
  private static final String KEY_END = "9be21d7c4853b0e8";

  @TempDir private Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
  }

  private static FakeLeshanApi server(boolean newer) {
    return newer ? FakeLeshanApi.newer() : FakeLeshanApi.older();
  }

  private String[] arguments(String url, String... rest) {
    List<String> all =
        new ArrayList<>(List.of("sync", "--store", "sqlite:" + store.file(), "--server", url));
    all.addAll(List.of(rest));
    return all.toArray(String[]::new);
  }

  private Cli sync(FakeLeshanApi server, String... rest) {
    Cli run = Cli.run(arguments(server.uri().toString(), rest));
    assertThat(run.out() + run.err()).doesNotContain(TOKEN, OTHER_TOKEN);
    return run;
  }

  private static void put(FakeLeshanApi server, String endpoint, String identity, String token)
      throws Exception {
    LeshanSecurityApi.builder(server.uri())
        .allowUnremovableEndpoints()
        .build()
        .put(credential(endpoint, identity, token));
  }

  private static DeviceCredential credential(String endpoint, String identity, String token) {
    return DeviceCredential.of(
        endpoint,
        PskIdentity.of(identity),
        PreSharedKey.ofHex(token.getBytes(StandardCharsets.US_ASCII)));
  }

  private static List<String> changes(FakeLeshanApi server) {
    return server.requests().stream()
        .map(FakeLeshanApi.Request::method)
        .filter(method -> !method.equals("GET"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void server_comesToTheStoresState_andTheSecondRunFindsNothingToDo(boolean newer)
      throws Exception {
    store.add("fresh", TOKEN);
    store.add("rekeyed", TOKEN);
    store.add("stolen", TOKEN);
    store.add("scrapped", TOKEN);
    try (FakeLeshanApi server = server(newer)) {
      put(server, "stranger", "stranger", OTHER_TOKEN);
      put(server, "rekeyed", "rekeyed", OTHER_TOKEN);
      put(server, "stolen", "stolen", OTHER_TOKEN);
      put(server, "scrapped", "scrapped", TOKEN);
      store.run("revoke", "stolen");
      store.run("remove", "scrapped");

      Cli run = sync(server);

      assertThat(run.code()).as(run::err).isZero();
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .containsPattern("(?m)^fresh +[0-9a-f]{8}  new  added$")
          .containsPattern(
              "(?m)^rekeyed +[0-9a-f]{8}  different: the server's key has the check value"
                  + " [0-9a-f]{8}  replaced$")
          .containsPattern("(?m)^stolen +[0-9a-f]{8}  revoked  removed$")
          .containsPattern("(?m)^scrapped +[0-9a-f]{8}  removed from the store  removed$")
          .containsPattern("(?m)^stranger +[0-9a-f]{8}  unknown to the store  kept$")
          .endsWith("1 added, 1 kept, 2 removed, 1 replaced" + System.lineSeparator());
      assertThat(server.endpoints()).containsExactlyInAnyOrder("fresh", "rekeyed", "stranger");
      assertThat(server.stored("rekeyed")).isEqualTo("rekeyed/" + TOKEN);

      server.forgetRequests();
      Cli again = sync(server, "--summary");
      assertThat(again.code()).isZero();
      assertThat(again.out().lines()).hasSize(2).last().isEqualTo("1 kept, 2 unchanged");
      assertThat(changes(server)).isEmpty();

      assertThat(sync(server, "--delete-unknown").code()).isZero();
      assertThat(server.endpoints()).containsExactlyInAnyOrder("fresh", "rekeyed");
    }
  }

  @Test
  void dryRun_showsThePlan_andChangesNothing() throws Exception {
    store.add("fresh", TOKEN);
    store.add("known", TOKEN);
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      put(server, "known", "known", TOKEN);
      server.forgetRequests();

      Cli run = sync(server, "--dry-run");

      assertThat(run.code()).isZero();
      assertThat(run.out().lines())
          .satisfiesExactly(
              row -> assertThat(row).endsWith("  new  would be added"),
              row -> assertThat(row).endsWith("  same  unchanged"),
              row -> assertThat(row).isEqualTo("1 unchanged, 1 would be added"));
      assertThat(changes(server)).isEmpty();
    }
  }

  @Test
  void whatCannotBeDone_isAFinding_andKeepsNobody() throws Exception {
    store.add("a%b", TOKEN);
    store.add("certificate", TOKEN);
    store.add("taken", TOKEN);
    store.add("fine", TOKEN);
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.hold("certificate", "x509");
      put(server, "holder", "taken", OTHER_TOKEN);

      Cli run = sync(server);

      assertThat(run.code()).isEqualTo(ExitCode.FINDINGS);
      assertThat(run.out())
          .containsPattern("a%b .*--allow-unremovable\\)  impossible")
          .containsPattern("certificate .*uses an X.509 certificate  impossible")
          .containsPattern("taken .*'holder' has it on the server  conflict")
          .containsPattern("fine .*  new  added");
      assertThat(server.endpoints()).containsExactlyInAnyOrder("certificate", "holder", "fine");

      assertThat(sync(server, "--dry-run").code()).isEqualTo(ExitCode.FINDINGS);
      sync(server, "--allow-unremovable");
      assertThat(server.stored("a%b")).isNotNull();
    }
  }

  @Test
  void deviceThatTheServerRefuses_isNamed_withTheReason() throws Exception {
    store.add("50%", TOKEN);
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      sync(server, "--allow-unremovable");
      store.run("revoke", "50%");

      Cli run = sync(server);

      assertThat(run.code()).isEqualTo(ExitCode.FINDINGS);
      assertThat(run.out()).containsPattern("50% .*  revoked  failed: .*own store");
      JsonNode object = objects(sync(server, "--format", "json")).get(0);
      assertThat(object.get("outcome").asText()).isEqualTo("failed");
      assertThat(object.get("problem").asText()).contains("own store");
    }
  }

  @Test
  void json_hasAnObjectForEachDevice() throws Exception {
    store.add("fresh", TOKEN);
    store.add("rekeyed", TOKEN);
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      put(server, "rekeyed", "other", OTHER_TOKEN);
      server.hold("certificate", "x509");

      Map<String, JsonNode> objects =
          objects(sync(server, "--format", "json")).stream()
              .collect(
                  Collectors.toMap(object -> object.get("endpoint").asText(), object -> object));

      assertThat(objects).containsOnlyKeys("fresh", "rekeyed", "certificate");
      JsonNode rekeyed = objects.get("rekeyed");
      assertThat(rekeyed.get("outcome").asText()).isEqualTo("replaced");
      assertThat(rekeyed.get("cause").asText()).isEqualTo("OTHER_IDENTITY");
      assertThat(rekeyed.get("serverPskIdentity").asText()).isEqualTo("other");
      assertThat(rekeyed.get("checkValue")).isEqualTo(objects.get("fresh").get("checkValue"));
      assertThat(rekeyed.get("serverCheckValue")).isNotEqualTo(rekeyed.get("checkValue"));
      assertThat(objects.get("certificate").get("serverMode").asText()).isEqualTo("X509");
      assertThat(objects.get("certificate").get("outcome").asText()).isEqualTo("kept");
      assertThat(objects.get("certificate").get("checkValue").isNull()).isTrue();
    }
  }

  private static List<JsonNode> objects(Cli run) throws Exception {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      objects.add(new ObjectMapper().readTree(line));
    }
    return objects;
  }

  @Test
  void rotation_keepsTheKeyThatTheServerHas() throws Exception {
    store.add("a", TOKEN);
    try (JdbcCredentialStore opened = JdbcCredentialStore.sqlite(store.file()).open();
        FakeLeshanApi server = FakeLeshanApi.newer()) {
      opened.rotate(credential("a", "a.2", OTHER_TOKEN), Instant.now().plus(Duration.ofHours(1)));
      sync(server);
      assertThat(server.stored("a")).isEqualTo("a/" + TOKEN);

      put(server, "a", "a.2", OTHER_TOKEN);
      assertThat(sync(server).out()).contains("the next key of its rotation  unchanged");

      opened.confirm(PskIdentity.of("a.2"));
      assertThat(sync(server).out()).contains("same  unchanged");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void runThatIsKilledHalfWay_isFinishedByTheNext(boolean newer) throws Exception {
    int devices = 300;
    try (JdbcCredentialStore opened = JdbcCredentialStore.sqlite(store.file()).open()) {
      opened.putAll(
          IntStream.range(0, devices)
              .mapToObj(i -> credential("d" + i, "d" + i, String.format("%016x", i) + KEY_END))
              .toList());
      opened.put(credential("stolen", "stolen", TOKEN));
      opened.revoke("stolen", "");
    }
    try (FakeLeshanApi server = server(newer)) {
      put(server, "stolen", "stolen", OTHER_TOKEN);
      server.stallAfterPuts(100);
      try (Child child =
          Child.startMain(
              folder, Map.of(), arguments(server.uri().toString(), "--parallel", "8"))) {
        await().until(server::isHoldingPuts);
        assertThat(child.output()).doesNotContain("unexpected");
      } // kills it
      Set<String> before = server.endpoints();
      assertThat(before).hasSizeBetween(50, 100).doesNotContain("stolen");
      server.goOn();
      server.forgetRequests();

      Cli run = sync(server, "--summary", "--quiet");

      assertThat(run.code()).as(run::err).isZero();
      assertThat(run.err()).isEmpty();
      assertThat(server.endpoints()).hasSize(devices);
      assertThat(run.out())
          .endsWith(
              (devices - before.size())
                  + " added, "
                  + before.size()
                  + " unchanged"
                  + System.lineSeparator());
      assertThat(sync(server, "--dry-run", "--summary").out().lines())
          .containsExactly(devices + " unchanged");
    }
  }

  @Test
  void serverThatIsGone_isToldInOneLine() {
    store.add("a", TOKEN);
    Cli run = Cli.run(arguments("http://127.0.0.1:1"));

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).startsWith("sync: ").contains("nothing was changed");
  }

  @Test
  void badUsage_isRefusedBeforeTheServerIsAsked() {
    assertThat(Cli.run("sync", "--store", "sqlite:" + store.file()).errLines())
        .containsExactly("sync: missing: --server URL (try --help)");
    Cli plain = Cli.run(arguments("http://192.0.2.1:8080"));
    assertThat(plain.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(plain.err()).contains("https", "--allow-plain-http");
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      Cli run = sync(server, "--parallel", "1000");
      assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
      assertThat(run.err()).contains("--parallel", "1 to 64");
      assertThat(
              Cli.run("sync", "--server", server.uri().toString(), "--store", "sqlite:absent.db")
                  .code())
          .isNotZero();
      assertThat(server.requests()).isEmpty();
    }
  }
}
