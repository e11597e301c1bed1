// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.leshan.cli.Child;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.TestPostgres;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.leshan.client.LeshanClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers on one PostgreSQL, one in this JVM and one in its own, while commands in further
 * processes change the store.
 */
class TwoServersIT {
  @TempDir private Path folder;

  private final String url = TestPostgres.shared().newDatabase();
  private final List<AutoCloseable> open = new ArrayList<>();
  private RunningServer here;
  private Child there;
  private String thereUri;

  @BeforeEach
  void startServers() throws Exception {
    assertThat(command("store", "init")).isEqualTo(0);
    here =
        opened(
            new RunningServer(
                opened(
                    MirroredCredentialStore.of(
                        JdbcCredentialStore.url(url)
                            .keyWrapper(KeyWrappers.keyFile(folder.resolve("key")))
                            .open()))));
    there = opened(jar("serve", "--coaps-port", "0"));
    String listening = there.awaitLine(line -> line.startsWith("listening on "));
    thereUri = listening.substring("listening on ".length());
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void device_addedByOneProcess_isServedByBoth_andRevokedEndsOnBoth() throws Exception {
    add("sensor-1");
    add("sensor-2");
    boot("sensor-1", here.uri());
    assertThat(next(here.registrations).getEndpoint()).isEqualTo("sensor-1");
    boot("sensor-2", here.uri());
    assertThat(next(here.registrations).getEndpoint()).isEqualTo("sensor-2");
    boot("sensor-1", thereUri);
    there.awaitLine("registered sensor-1"::equals);

    assertThat(command("store", "revoke", "sensor-1", "--reason", "stolen")).isZero();

    assertThat(next(here.endedRegistrations).getEndpoint()).isEqualTo("sensor-1");
    await().until(() -> here.sessions().equals(List.of("sensor-2")));
    there.awaitLine("revoked sensor-1"::equals);
    there.awaitLine("deregistered sensor-1"::equals);
    assertThat(command("store", "add", "sensor-1.bin")).isEqualTo(2);
  }

  @Test
  void database_thatStops_leavesKnownDevicesServed_andIsCaughtUpWithLater() throws Exception {
    add("sensor-1");
    await().until(() -> here.server.getSecurityStore().getByEndpoint("sensor-1") != null);
    boot("sensor-1", thereUri);
    there.awaitLine("registered sensor-1"::equals);

    TestPostgres.shared().stop();
    try {
      there.awaitLine(line -> line.startsWith("store lost"));
      boot("sensor-1", here.uri());
      assertThat(next(here.registrations).getEndpoint()).isEqualTo("sensor-1");
      assertThat(command("store", "add", "--endpoint", "sensor-2")).isEqualTo(1);
    } finally {
      TestPostgres.shared().start();
    }

    there.awaitLine(line -> line.startsWith("store back"));
    add("sensor-2");
    boot("sensor-2", thereUri);
    there.awaitLine("registered sensor-2"::equals);
  }

  private void add(String endpoint) throws Exception {
    assertThat(command("store", "add", "--endpoint", endpoint, "-o", endpoint + ".bin")).isZero();
  }

  private void boot(String endpoint, String uri) throws Exception {
    byte[] partition = Files.readAllBytes(folder.resolve(endpoint + ".bin"));
    LeshanClient device = FlashedDevice.boot(FirmwareView.of(partition), "unnamed").client(uri);
    open.add(() -> device.destroy(false));
    device.start();
  }

  /** Runs a command to its end, and gives its exit code. */
  private int command(String... args) throws Exception {
    try (Child child = jar(args)) {
      return child.awaitEnd();
    }
  }

  private Child jar(String... args) {
    URI jdbc = URI.create(url.substring("jdbc:".length()));
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--store=postgresql://test@" + jdbc.getAuthority() + jdbc.getPath());
    all.add("--store-key=key");
    String password = jdbc.getQuery().replaceFirst(".*password=", "");
    return Child.startJar(folder, Map.of("PGPASSWORD", password), all.toArray(String[]::new));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }
}
