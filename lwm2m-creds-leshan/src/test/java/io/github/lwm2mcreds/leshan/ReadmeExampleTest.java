package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
  @Test
  void example_inTheReadme_registersADevice() {
    // README
    CredentialStore store = new InMemoryCredentialStore();
    DeviceCredential credential = CredentialGenerator.of("sensor-%08x").next();
    byte[] flash = CredentialPartition.of(credential).encode(); // 66 bytes, to be flashed
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
  void example_inTheReadme_isTheOneTested() throws Exception {
    String readme = Files.readString(Path.of("..", "README.md"));
    String source =
        Files.readString(
            Path.of("src/test/java/io/github/lwm2mcreds/leshan/ReadmeExampleTest.java"));
    List<String> tested = source.split("    // README\n")[1].lines().toList();

    assertThat(readme.split("```java\n")[1].split("```")[0].lines())
        .containsExactlyElementsOf(tested);
  }
}
