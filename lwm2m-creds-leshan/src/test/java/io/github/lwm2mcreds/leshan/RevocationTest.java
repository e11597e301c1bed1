// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a running server does with a device whose credential is taken away. */
class RevocationTest {
  private final CredentialGenerator generator = CredentialGenerator.counting("device-%08x", 0);
  private final InMemoryEngine store = new InMemoryEngine();
  private final RunningServer server = new RunningServer(store);
  private final Devices devices = new Devices();

  @AfterEach
  void stop() {
    devices.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void device_whoseCredentialIsTakenAway_losesAllAndDoesNotComeBack(boolean revoke)
      throws Exception {
    DeviceCredential credential = generator.next();
    Registration registration = register(credential);
    server.server.send(registration, new ObserveRequest("/3/0/0"), 10_000);
    assertThat(server.server.getObservationService().getObservations(registration)).hasSize(1);

    if (revoke) {
      store.revoke(credential.endpoint(), "stolen");
    } else {
      store.remove(credential.endpoint());
    }

    assertThat(next(server.retired))
        .isEqualTo(
            new RetiredCredential(
                credential.endpoint(),
                credential.pskIdentity(),
                revoke ? Cause.REVOKED : Cause.REMOVED));
    assertThat(next(server.endedRegistrations).getId()).isEqualTo(registration.getId());
    assertThat(registrationOf(credential)).isNull();
    assertThat(server.server.getObservationService().getObservations(registration)).isEmpty();
    await().until(() -> server.sessions().isEmpty());

    devices.start(credential, server.uri());

    assertThat(next(server.refusedHandshakes).reason()).isEqualTo(Reason.UNKNOWN_IDENTITY);
    assertThat(server.registrations).isEmpty();
    assertThat(server.endedRegistrations).isEmpty();
  }

  @Test
  void device_ofAnother_keepsItsSessionAndRegistration() throws Exception {
    DeviceCredential credential = generator.next();
    DeviceCredential other = generator.next();
    register(credential);
    register(other);

    store.revoke(credential.endpoint(), "");

    await().until(() -> !server.sessions().contains(credential.endpoint()));
    assertThat(server.sessions()).containsExactly(other.endpoint());
    assertThat(registrationOf(other)).isNotNull();
  }

  @Test
  void device_whoseKeyIsReplaced_keepsItsRegistrationOnly() throws Exception {
    DeviceCredential credential = generator.next();
    Registration registration = register(credential);

    store.put(DeviceCredential.of(credential.endpoint(), generator.nextKey()));

    await().until(() -> server.sessions().isEmpty());
    assertThat(registrationOf(credential).getId()).isEqualTo(registration.getId());
    assertThat(server.endedRegistrations).isEmpty();
  }

  @Test
  void device_thatChangesToAnotherMode_losesItsSessionAndRegistration() throws Exception {
    DeviceCredential credential = generator.next();
    register(credential);

    ((LeshanSecurityStore) server.server.getSecurityStore())
        .add(SecurityInfo.newX509CertInfo(credential.endpoint()));

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo(credential.endpoint());
    await().until(() -> server.sessions().isEmpty());
  }

  @Test
  void server_thatIsDestroyed_listensToTheStoreNoLonger() {
    assertThat(store.listening).isNotEmpty();

    server.close();

    assertThat(store.listening).isEmpty();
  }

  private Registration register(DeviceCredential credential) throws InterruptedException {
    store.put(credential);
    devices.start(credential, server.uri());
    return next(server.registrations);
  }

  private Registration registrationOf(DeviceCredential credential) {
    return server.server.getRegistrationService().getByEndpoint(credential.endpoint());
  }
}
