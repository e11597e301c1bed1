// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.leshan.client.LeshanClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device that goes from one credential to its next, on a running server. */
class RotationTest {
  private final CredentialGenerator generator = CredentialGenerator.counting("device-%08x", 0);
  private final DeviceCredential current = generator.next();
  private final DeviceCredential next =
      DeviceCredential.of(
          current.endpoint(), PskIdentity.of(current.endpoint() + "-2"), generator.nextKey());
  private final AtomicBoolean failing = new AtomicBoolean();
  private final InMemoryEngine store =
      new InMemoryEngine() {
        @Override
        public boolean confirm(PskIdentity pskIdentity) {
          if (failing.get()) {
            throw new IllegalStateException("no database");
          }
          return super.confirm(pskIdentity);
        }
      };
  private final RunningServer server = new RunningServer(store);
  private final Devices devices = new Devices();

  @BeforeEach
  void rotate() {
    store.put(current);
    store.rotate(next, Instant.MAX);
  }

  @AfterEach
  void stop() {
    devices.close();
    server.close();
  }

  @Test
  void device_withItsCurrentCredential_registersAndConfirmsNothing() throws Exception {
    devices.start(current, server.uri());

    assertThat(next(server.registrations).getEndpoint()).isEqualTo(current.endpoint());
    devices.start(next, server.uri());
    next(server.registrations);
    await().until(() -> !store.confirmed.isEmpty());
    assertThat(store.confirmed).containsOnly(next.pskIdentity());
  }

  @Test
  void device_withItsNextCredential_registersAndEndsTheCurrentOne() throws Exception {
    LeshanClient device = devices.start(current, server.uri());
    next(server.registrations);
    device.destroy(false);

    devices.start(next, server.uri());

    assertThat(next(server.registrations).getEndpoint()).isEqualTo(current.endpoint());
    await().until(() -> server.sessions().equals(List.of(next.pskIdentity().asString())));
    assertThat(next(server.retired).pskIdentity()).isEqualTo(current.pskIdentity());
    assertThat(server.server.getRegistrationService().getByEndpoint(current.endpoint()))
        .isNotNull();
    devices.start(current, server.uri());
    assertThat(next(server.refusedHandshakes).reason()).isEqualTo(Reason.UNKNOWN_IDENTITY);
  }

  @Test
  void confirmation_thatFails_isReportedAndMadeByTheNextUpdate() throws Exception {
    failing.set(true);
    LeshanClient device = devices.start(next, server.uri());
    assertThat(next(server.registrations).getEndpoint()).isEqualTo(current.endpoint());
    assertThat(next(server.confirmFailures)).hasMessage("no database");
    assertThat(store.findByPskIdentity(current.pskIdentity())).isPresent();

    failing.set(false);
    await().until(() -> !device.getRegisteredServers().isEmpty());
    device.triggerRegistrationUpdate();

    assertThat(next(server.retired).pskIdentity()).isEqualTo(current.pskIdentity());
    assertThat(store.findByPskIdentity(current.pskIdentity())).isEmpty();
    assertThat(server.refusedRegistrations).isEmpty();
  }

  @Test
  void revocation_duringARotation_endsBothSessions() throws Exception {
    failing.set(true);
    devices.start(current, server.uri());
    next(server.registrations);
    devices.start(next, server.uri());
    next(server.registrations);

    store.revoke(current.endpoint(), "");

    await().until(() -> server.sessions().isEmpty());
    assertThat(server.server.getRegistrationService().getByEndpoint(current.endpoint())).isNull();
    assertThat(server.endedRegistrations).hasSize(1);
  }

  @Test
  void securityStore_knowsTheNextIdentityToo() {
    LeshanSecurityStore infos = (LeshanSecurityStore) server.server.getSecurityStore();

    assertThat(infos.getByIdentity(next.pskIdentity().asString()).getPreSharedKey())
        .isEqualTo(next.psk().exposeBytes());
    assertThat(infos.getByEndpoint(current.endpoint()).getPskIdentity())
        .isEqualTo(current.pskIdentity().asString());
  }
}
