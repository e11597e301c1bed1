// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that was down goes on with the sessions and registrations that are still good. */
class SavedSessionsTest {
  private final CredentialGenerator generator = CredentialGenerator.counting("device-%08x", 0);
  private final DeviceCredential good = generator.next();
  private final DeviceCredential bad = generator.next();
  private final InMemoryEngine store = new InMemoryEngine();
  private final OutlivingRegistrations registrations = new OutlivingRegistrations();
  private final Devices devices = new Devices();
  private LeshanSecurityStore infos;
  private RunningServer server;

  @BeforeEach
  void register() throws Exception {
    store.put(good);
    store.put(bad);
    infos = new LeshanSecurityStore(store);
    server = new RunningServer(infos, registrations.connect());
    devices.start(good, server.uri());
    devices.start(bad, server.uri());
    next(server.registrations);
    next(server.registrations);
  }

  @AfterEach
  void stop() {
    devices.close();
    server.close();
  }

  private void restart(Runnable meanwhile) throws IOException {
    restart(meanwhile, new InMemorySecurityStore());
  }

  /** Stops the server, and starts another in its place that loads its sessions. */
  private void restart(Runnable meanwhile, EditableSecurityStore others) throws IOException {
    InetSocketAddress address = server.connector().getAddress();
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    server.server.stop();
    server.connector().save(saved, 3600);
    server.close();
    meanwhile.run();
    server =
        new RunningServer(
            new LeshanSecurityStore(store, others),
            registrations.connect(),
            address,
            connector -> load(connector, saved));
  }

  private static void load(DTLSConnector connector, ByteArrayOutputStream saved) {
    try {
      connector.load(new ByteArrayInputStream(saved.toByteArray()), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ReadResponse read(DeviceCredential device) throws InterruptedException {
    Registration registration =
        server.server.getRegistrationService().getByEndpoint(device.endpoint());
    return server.server.send(registration, new ReadRequest("/3/0/0"), 5_000);
  }

  @Test
  void restart_nothingChanged_goesOnWithoutAHandshake() throws Exception {
    restart(() -> {});

    assertThat(read(good).isSuccess()).isTrue();
    assertThat(read(bad).isSuccess()).isTrue();
    assertThat(server.sessions()).containsExactlyInAnyOrder(good.endpoint(), bad.endpoint());
    assertThat(server.endedRegistrations).isEmpty();
  }

  @Test
  void restart_removedMeanwhile_hasNeitherItsSessionNorItsRegistration() throws Exception {
    restart(() -> store.remove(bad.endpoint()));

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo(bad.endpoint());
    assertThat(server.sessions()).containsExactly(good.endpoint());
    assertThat(read(good).isSuccess()).isTrue();
  }

  @Test
  void restart_keyReplacedMeanwhile_hasNoSessionOfTheOldKey() throws Exception {
    restart(() -> store.put(DeviceCredential.of(bad.endpoint(), generator.nextKey())));

    assertThat(server.sessions()).containsExactly(good.endpoint());
    assertThat(read(good).isSuccess()).isTrue();
  }

  /** Whether or not the new server still has the info, which tells whose the key is. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void restart_rawPublicKeyRevokedMeanwhile_hasNeitherSessionNorRegistration(boolean keptInfo)
      throws Exception {
    KeyPair keys = Devices.newKeys();
    SecurityInfo info = SecurityInfo.newRawPublicKeyInfo("stolen", keys.getPublic());
    infos.add(info);
    devices.startWithRawPublicKey("stolen", keys, server.uri());
    next(server.registrations);
    assertThat(server.sessions()).hasSize(3);
    InMemorySecurityStore others = new InMemorySecurityStore();
    if (keptInfo) {
      others.add(info);
    }

    restart(() -> store.revoke("stolen", ""), others);

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("stolen");
    await().until(() -> server.sessions().size() == 2);
    assertThat(server.sessions()).containsExactlyInAnyOrder(good.endpoint(), bad.endpoint());
    assertThat(others.getAll()).isEmpty();
  }

  @Test
  void restart_certificateRevokedMeanwhile_hasNeitherSessionNorRegistration() throws Exception {
    infos.add(SecurityInfo.newX509CertInfo("stolen"));
    devices.startWithCertificate("stolen", server.uri());
    next(server.registrations);
    assertThat(server.sessions()).hasSize(3);

    restart(() -> store.revoke("stolen", ""));

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("stolen");
    await().until(() -> server.sessions().size() == 2);
    assertThat(server.sessions()).containsExactlyInAnyOrder(good.endpoint(), bad.endpoint());
  }

  @Test
  void restart_revokedMeanwhileAndNoLongerRegistered_hasNoSession() throws Exception {
    KeyPair keys = Devices.newKeys();
    SecurityInfo info = SecurityInfo.newRawPublicKeyInfo("stolen", keys.getPublic());
    infos.add(info);
    devices.startWithRawPublicKey("stolen", keys, server.uri());
    Registration registration = next(server.registrations);
    InMemorySecurityStore others = new InMemorySecurityStore();
    others.add(info);

    restart(
        () -> {
          store.revoke("stolen", "");
          registrations.all().removeRegistration(registration.getId());
        },
        others);

    await().until(() -> server.sessions().size() == 2);
    assertThat(server.sessions()).containsExactlyInAnyOrder(good.endpoint(), bad.endpoint());
  }
}
