// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreListCommandTest {
  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
  }

  @Test
  void empty_printsNothing() {
    assertThat(store.run("list").out()).isEmpty();
    assertThat(store.run("list", "--revoked").out()).isEmpty();
  }

  @Test
  void devices_areShownByCheckValues_neverByKeys() {
    store.add("sensor-1", TOKEN);
    store.run("add", "--endpoint", "sensor-2", "--identity", "other");

    Cli run = store.run("list");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines())
        .satisfiesExactly(
            row -> assertThat(row).matches("sensor-1 {25}[0-9a-f]{8}"),
            row -> assertThat(row).matches("sensor-2 {25}[0-9a-f]{8}  identity 'other'"));
    assertThat(run.out()).doesNotContain(TOKEN);
  }

  @Test
  void whatSteersATerminal_isEscaped() {
    store.run("add", "--endpoint", "a\u202eb", "--identity", "\u001b[31m");

    assertThat(store.run("list").out()).startsWith("a\\u202eb ").contains("'\\u001b[31m'");
  }

  @Test
  void manyDevices_areAllListed_andEachRotationWithItsDevice() {
    List<String> rotating = List.of("ep-00000", "ep-00999", "ep-01000", "ep-02499");
    try (JdbcCredentialStore open = JdbcCredentialStore.sqlite(store.file()).open()) {
      CredentialGenerator keys = CredentialGenerator.builder().build();
      List<DeviceCredential> fleet = new ArrayList<>();
      for (int i = 0; i < 2500; i++) {
        fleet.add(DeviceCredential.of(String.format("ep-%05d", i), keys.nextKey()));
      }
      open.putAll(fleet);
      for (String endpoint : rotating) {
        open.rotate(
            DeviceCredential.of(endpoint, PskIdentity.of(endpoint + ".2"), keys.nextKey()),
            Instant.now().plus(Duration.ofDays(1)));
      }
    }

    List<String> rows = store.run("list").out().lines().toList();

    assertThat(rows).hasSize(2500);
    assertThat(rows.stream().filter(row -> row.contains("  rotating to ")))
        .zipSatisfy(
            rotating,
            (row, endpoint) ->
                assertThat(row)
                    .startsWith(endpoint + " ")
                    .contains("rotating to '" + endpoint + ".2' until "));
  }

  @Test
  void revoked_listsEndpointsAndIdentitiesWithTheReason() {
    store.run("add", "--endpoint", "a", "--identity", "b");
    store.run("revoke", "a", "--reason", "fell into\na well");

    assertThat(store.run("list", "--revoked").out().lines())
        .satisfiesExactly(
            row -> assertThat(row).matches("a {32}\\S+Z  fell into\\\\u000aa well"),
            row -> assertThat(row).matches("a {32}\\S+Z  identity 'b'  fell into\\\\u000aa well"));
    assertThat(store.run("list").out()).isEmpty();
  }
}
