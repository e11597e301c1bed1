// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.security.KeyPair;
import org.eclipse.leshan.server.registration.InMemoryRegistrationStore;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A revoked endpoint is out in every security mode, on a server that takes all of them. */
class RevokedEndpointTest {
  enum Mode {
    RAW_PUBLIC_KEY,
    CERTIFICATE,
    NO_SECURITY
  }

  private final InMemoryEngine store = new InMemoryEngine();
  private final LeshanSecurityStore infos = new LeshanSecurityStore(store);
  private final RunningServer server = new RunningServer(infos, new InMemoryRegistrationStore());
  private final Devices devices = new Devices();
  private final KeyPair keys = Devices.newKeys();

  @AfterEach
  void stop() {
    devices.close();
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void device_whoseEndpointIsRevoked_losesAllAndDoesNotComeBack(Mode mode) throws Exception {
    allow("device", mode);
    start("device", mode);
    Registration registration = next(server.registrations);
    await().until(() -> server.sessions().size() == (mode == Mode.NO_SECURITY ? 0 : 1));

    store.revoke("device", "stolen");

    assertThat(next(server.endedRegistrations).getId()).isEqualTo(registration.getId());
    await().until(() -> server.sessions().isEmpty());
    assertThat(infos.getByEndpoint("device")).isNull();
    start("device", mode);
    assertThat(next(server.refusedRegistrations).reason()).isEqualTo("the endpoint is revoked");
    assertThat(server.server.getRegistrationService().getByEndpoint("device")).isNull();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void device_ofAnotherEndpoint_keepsItsSessionAndRegistration(Mode mode) throws Exception {
    allow("device", mode);
    start("device", mode);
    next(server.registrations);

    store.revoke("other", "");

    endASessionAndRegistration("last");
    assertThat(server.server.getRegistrationService().getByEndpoint("device")).isNotNull();
    assertThat(server.sessions()).hasSize(mode == Mode.NO_SECURITY ? 0 : 1);
  }

  /** Revoking must not make an endpoint more open than it was. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void device_withoutSecurity_ofARevokedEndpoint_isRefused(boolean hadCredential) throws Exception {
    if (hadCredential) {
      store.put(DeviceCredential.of("device", CredentialGenerator.counting("%08x", 0).nextKey()));
    }
    store.revoke("device", "");

    start("device", Mode.NO_SECURITY);

    assertThat(next(server.refusedRegistrations).reason()).isEqualTo("the endpoint is revoked");
    assertThat(server.registrations).isEmpty();
  }

  @Test
  void endpoint_tooLongForAPskIdentity_isOutToo() throws Exception {
    String endpoint = "e".repeat(129);
    allow(endpoint, Mode.RAW_PUBLIC_KEY);
    start(endpoint, Mode.RAW_PUBLIC_KEY);
    next(server.registrations);

    store.revoke(endpoint, "");

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo(endpoint);
    await().until(() -> server.sessions().isEmpty());
  }

  /** What would have ended with an earlier revocation has ended by then. */
  private void endASessionAndRegistration(String endpoint) throws Exception {
    KeyPair own = Devices.newKeys();
    infos.add(SecurityInfo.newRawPublicKeyInfo(endpoint, own.getPublic()));
    devices.startWithRawPublicKey(endpoint, own, server.uri());
    next(server.registrations);
    int others = server.sessions().size() - 1;
    store.revoke(endpoint, "");
    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo(endpoint);
    await().until(() -> server.sessions().size() <= others);
  }

  private void allow(String endpoint, Mode mode) throws Exception {
    switch (mode) {
      case RAW_PUBLIC_KEY ->
          infos.add(SecurityInfo.newRawPublicKeyInfo(endpoint, keys.getPublic()));
      case CERTIFICATE -> infos.add(SecurityInfo.newX509CertInfo(endpoint));
      case NO_SECURITY -> assertThat(infos.getByEndpoint(endpoint)).isNull();
    }
  }

  private void start(String endpoint, Mode mode) {
    switch (mode) {
      case RAW_PUBLIC_KEY -> devices.startWithRawPublicKey(endpoint, keys, server.uri());
      case CERTIFICATE -> devices.startWithCertificate(endpoint, server.uri());
      case NO_SECURITY -> devices.startWithoutSecurity(endpoint, server.coapUri());
    }
  }
}
