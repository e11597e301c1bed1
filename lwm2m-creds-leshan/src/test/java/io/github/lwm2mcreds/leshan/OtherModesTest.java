// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.security.KeyPair;
import java.util.List;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a device with a raw public key when its info is changed. */
class OtherModesTest {
  private final CredentialStore store = new InMemoryCredentialStore();
  private final LeshanSecurityStore infos = new LeshanSecurityStore(store);
  private final FlakyRegistrations registrations = new FlakyRegistrations();
  private final RunningServer server = new RunningServer(infos, registrations.store());
  private final Devices devices = new Devices();
  private LeshanClient device;

  @BeforeEach
  void register() throws Exception {
    KeyPair keys = Devices.newKeys();
    infos.add(SecurityInfo.newRawPublicKeyInfo("device", keys.getPublic()));
    device = devices.startWithRawPublicKey("device", keys, server.uri());
    next(server.registrations);
    await().until(() -> !device.getRegisteredServers().isEmpty());
  }

  @AfterEach
  void stop() {
    devices.close();
    server.close();
  }

  @Test
  void info_removedAsCompromised_endsSessionAndRegistration() throws Exception {
    infos.remove("device", true);

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("device");
    await().until(() -> server.sessions().isEmpty());
  }

  /** No store remembers that it was, so the server has to. */
  @Test
  void info_removedAsCompromisedWhileRegistrationsAreOutOfReach_endsTheRegistrationLater()
      throws Exception {
    registrations.failures.set(2);

    infos.remove("device", true);

    assertThat(next(server.sweepFailures)).hasMessage("timed out");
    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("device");
  }

  /** As in Leshan, whose store says so by this flag. */
  @Test
  void info_removedAsNotCompromised_endsNothingUntilTheNextUpdate() throws Exception {
    infos.remove("device", false);

    server
        .server
        .getRegistrationStore()
        .addRegistration(OutlivingRegistrations.registration("last", TestInfos.peer("last")));
    server.terminator.sweep();
    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("last");
    assertThat(server.sessions()).hasSize(1);
    device.triggerRegistrationUpdate();
    assertThat(next(server.refusedRegistrations).reason())
        .isEqualTo("the endpoint has no credential");
    assertThat(server.endedRegistrations).isEmpty();
  }

  @Test
  void info_replacedByAPreSharedKey_endsSessionAndRegistration() throws Exception {
    infos.add(TestInfos.psk("device", "device", 1));

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("device");
    await().until(() -> server.sessions().isEmpty());
    devices.start(PskInfos.credential(TestInfos.psk("device", "device", 1)), server.uri());
    next(server.registrations);
    assertThat(server.sessions()).isEqualTo(List.of("device"));
  }

  @Test
  void info_replacedByAnotherRawPublicKey_endsTheSessionOnly() throws Exception {
    infos.add(TestInfos.rawPublicKey("device"));

    await().until(() -> server.sessions().isEmpty());
    assertThat(server.server.getRegistrationService().getByEndpoint("device")).isNotNull();
    assertThat(server.endedRegistrations).isEmpty();
  }
}
