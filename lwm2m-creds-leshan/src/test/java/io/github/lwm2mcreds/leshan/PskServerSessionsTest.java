// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.scandium.ServerCounts;
import io.github.lwm2mcreds.scandium.SessionFile;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Leshan server whose DTLS sessions survive its restart. */
class PskServerSessionsTest {
  @TempDir private Path folder;

  private MirroredCredentialStore store;
  private final Devices devices = new Devices();
  private LeshanServer server;

  @BeforeEach
  void makeStore() {
    store =
        MirroredCredentialStore.of(JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).create());
  }

  @AfterEach
  void stop() {
    devices.close();
    server.destroy();
    store.close();
  }

  private void start(int port) {
    server =
        PskServer.builder(store)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sessions(SessionFile.of(folder.resolve("sessions"), store))
            .build();
    server.start();
  }

  private ServerCounts counts() {
    CaliforniumServerEndpoint endpoint =
        (CaliforniumServerEndpoint) server.getEndpoint(Protocol.COAPS);
    return ((PskServerConnector) endpoint.getCoapEndpoint().getConnector()).counts();
  }

  private void awaitRegistration() {
    await().until(() -> server.getRegistrationService().getByEndpoint("psk") != null);
  }

  @Test
  void restart_letsADeviceRegisterAgainWithoutAHandshake() throws Exception {
    DeviceCredential credential = PskInfos.credential(TestInfos.psk("psk", "identity", 1));
    store.put(credential);
    start(0);
    URI uri = URI.create(server.getEndpoint(Protocol.COAPS).getURI().toString());
    LeshanClient device = devices.start(credential, uri.toString());
    awaitRegistration();
    assertThat(counts().fullHandshakes()).isEqualTo(1);

    server.destroy();
    start(uri.getPort());
    device.triggerRegistrationUpdate();

    awaitRegistration();
    assertThat(counts().fullHandshakes()).isZero();
    assertThat(counts().resumedHandshakes()).isZero();
  }
}
