package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.derive.DeviceGroup;
import io.github.lwm2mcreds.derive.GroupKey;
import io.github.lwm2mcreds.derive.KeyDerivation;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.DerivedCredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import io.github.lwm2mcreds.store.MirroredCredentialStore;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeExampleTest {
  @Test
  void example_inTheReadme_registersADevice() {
    // README
    CredentialStore store = new InMemoryCredentialStore();
    DeviceCredential credential = CredentialGenerator.of("sensor-%08x").next();
    byte[] flash = CredentialPartition.encode(credential); // 66 bytes, to be flashed
    store.put(credential);

    InetSocketAddress address = new InetSocketAddress("localhost", 0); // 5684 in earnest
    LeshanServer server = PskServer.builder(store).address(address).build();
    server.start();

    FlashedDevice device = FlashedDevice.boot(FirmwareView.of(flash), "unnamed");
    String uri = server.getEndpoint(Protocol.COAPS).getURI().toString();
    LeshanClient client = device.client(uri);
    client.start(); // a DTLS handshake, and the device is registered
    // README

    try {
      await()
          .until(
              () -> server.getRegistrationService().getByEndpoint(credential.endpoint()) != null);
    } finally {
      client.destroy(false);
      server.destroy();
    }
  }

  @Test
  void storeExample_inTheReadme_keepsAndRotatesAndRevokes(@TempDir Path folder) {
    DeviceCredential credential = CredentialGenerator.of("sensor-%08x").next();
    DeviceCredential next =
        DeviceCredential.of(
            credential.endpoint(),
            PskIdentity.of(credential.endpoint() + ".1"),
            CredentialGenerator.builder().build().nextKey());
    InetSocketAddress address = new InetSocketAddress("localhost", 0);
    Path file = folder.resolve("fleet.db");

    // README
    JdbcCredentialStore database = JdbcCredentialStore.sqlite(file).openOrCreate();
    MirroredCredentialStore store = MirroredCredentialStore.of(database);
    store.put(credential); // sealed, and on disk when it returns
    LeshanServer server = PskServer.builder(store).address(address).build();
    server.start();

    store.rotate(next, Instant.now().plus(Duration.ofDays(7))); // both are good until it is used
    store.revoke("sensor-00000000", "stolen"); // ends session and registration on all servers
    // README

    assertThat(store.findPsk(credential.pskIdentity())).isEmpty();
    assertThat(store.findPsk(next.pskIdentity())).isEmpty();
    server.destroy();
    store.close();
  }

  @Test
  void derivedExample_inTheReadme_findsWhatTheFactoryMade() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    CredentialStore stored = new InMemoryCredentialStore();
    String endpoint = "sensor-00000001";

    // README
    GroupKey first = GroupKey.copyOf(1, secret); // 32 random bytes, known to factory and servers
    DeviceGroup sensors = DeviceGroup.of("sensor-%08x", KeyDerivation.hkdfSha256("acme"), first);
    DeviceCredential device = sensors.credential(endpoint); // in the factory
    CredentialStore store = new DerivedCredentialStore(stored, sensors); // in the server
    // README

    assertThat(store.findPsk(PskIdentity.of(endpoint))).contains(device.psk());
  }

  @Test
  void examples_inTheReadme_areThoseTested() throws Exception {
    String readme = Files.readString(Path.of("..", "README.md"));
    String source =
        Files.readString(
            Path.of("src/test/java/io/github/lwm2mcreds/leshan/ReadmeExampleTest.java"));

    List<String> shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(readme)
            .results()
            .map(block -> block.group(1))
            .toList();
    String[] parts = source.split("    // README\n");
    assertThat(shown).containsExactly(parts[1], parts[3], parts[5]);
  }
}
