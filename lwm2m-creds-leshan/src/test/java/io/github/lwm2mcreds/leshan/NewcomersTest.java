// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.derive.DerivedCredentialStore;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.server.registration.InMemoryRegistrationStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server whose credentials may have changed long ago, unseen, takes nobody new in any mode. */
class NewcomersTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private final Faults faults = new Faults();
  private final MirroredCredentialStore mirror =
      MirroredCredentialStore.builder(
              new InMemoryEngine(
                  new InMemoryEngine(KeyPolicy.strict(), clock.withZone(ZoneOffset.UTC)), faults))
          .interval(Duration.ofMillis(1))
          .refuseNewcomersAfter(Duration.ofMinutes(1))
          .build();
  private final LeshanSecurityStore infos =
      new LeshanSecurityStore(new DerivedCredentialStore(mirror));
  private final RunningServer server = new RunningServer(infos, new InMemoryRegistrationStore());
  private final Devices devices = new Devices();

  @AfterEach
  void stop() {
    devices.close();
    server.close();
    mirror.close();
  }

  @Test
  void rawPublicKey_whileTheStoreIsOutOfReachForTooLong_doesNotRegister() throws Exception {
    KeyPair keys = allow("newcomer");
    loseTheDatabase();

    devices.startWithRawPublicKey("newcomer", keys, server.uri());

    assertThat(next(server.refusedRegistrations).reason())
        .isEqualTo("the credential store is out of reach for too long");
    assertThat(server.registrations).isEmpty();
    faults.recover();
    await().until(mirror::admitsNewcomers);
    devices.startWithRawPublicKey("newcomer", keys, server.uri());
    assertThat(next(server.registrations).getEndpoint()).isEqualTo("newcomer");
  }

  @Test
  void noSecurity_whileTheStoreIsOutOfReachForTooLong_doesNotRegister() throws Exception {
    loseTheDatabase();

    devices.startWithoutSecurity("newcomer", server.coapUri());

    assertThat(next(server.refusedRegistrations).reason())
        .isEqualTo("the credential store is out of reach for too long");
  }

  @Test
  void rawPublicKey_registeredBefore_goesOn() throws Exception {
    LeshanClient device = devices.startWithRawPublicKey("device", allow("device"), server.uri());
    next(server.registrations);
    await().until(() -> !device.getRegisteredServers().isEmpty());
    loseTheDatabase();

    device.triggerRegistrationUpdate();

    assertThat(next(server.updatedRegistrations).getEndpoint()).isEqualTo("device");
    assertThat(server.refusedRegistrations).isEmpty();
  }

  private KeyPair allow(String endpoint) throws Exception {
    KeyPair keys = Devices.newKeys();
    infos.add(SecurityInfo.newRawPublicKeyInfo(endpoint, keys.getPublic()));
    return keys;
  }

  private void loseTheDatabase() {
    faults.failAfter(0);
    now.set(now.get().plus(Duration.ofHours(1)));
    assertThat(mirror.admitsNewcomers()).isFalse();
  }
}
