// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.registration.Registration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Devices that boot from partitions, and a server with their credentials, over real DTLS. */
class EndToEndTest {
  private final CredentialGenerator generator = CredentialGenerator.counting("device-%08x", 0);
  private final CredentialStore store = new InMemoryCredentialStore();
  private final RunningServer server = new RunningServer(store);
  private final List<LeshanClient> devices = new ArrayList<>();

  @AfterEach
  void stop() {
    devices.forEach(device -> device.destroy(false));
    server.close();
  }

  @Test
  void device_withItsCredential_registersAndIsRead() throws Exception {
    DeviceCredential credential = generator.next();
    store.put(credential);

    start(credential);

    Registration registration = next(server.registrations);
    assertThat(registration.getEndpoint()).isEqualTo(credential.endpoint());
    ReadResponse response = server.server.send(registration, new ReadRequest("/3/0/0"), 10_000);
    assertThat(((LwM2mResource) response.getContent()).getValue()).isEqualTo("lwm2m-creds");
    assertThat(server.refusedHandshakes).isEmpty();
  }

  @Test
  void device_withWrongKey_isRefusedInTheHandshake() throws Exception {
    DeviceCredential credential = generator.next();
    store.put(credential);

    start(DeviceCredential.of(credential.endpoint(), generator.nextKey()));

    var refusal = next(server.refusedHandshakes);
    assertThat(refusal.reason()).isEqualTo(Reason.WRONG_KEY);
    assertThat(refusal.pskIdentity()).isEqualTo(credential.endpoint());
    assertThat(server.registrations).isEmpty();
    assertThat(server.sessions()).isEmpty();
  }

  @Test
  void device_withUnknownIdentity_isRefusedInTheHandshake() throws Exception {
    start(generator.next());

    assertThat(next(server.refusedHandshakes).reason()).isEqualTo(Reason.UNKNOWN_IDENTITY);
    assertThat(server.registrations).isEmpty();
    assertThat(server.sessions()).isEmpty();
  }

  @Test
  void device_whoseIdentityIsAnotherEndpoints_isRefusedAtRegistration() throws Exception {
    DeviceCredential honest = generator.next();
    DeviceCredential stolen = generator.next();
    // The device with this identity is known to the server under another name than it registers
    // with.
    store.put(DeviceCredential.of("somebody", PskIdentity.of(honest.endpoint()), copy(honest)));
    store.put(DeviceCredential.of(honest.endpoint(), PskIdentity.of("theirs"), copy(stolen)));

    start(honest);

    RegistrationRefusal refusal = next(server.refusedRegistrations);
    assertThat(refusal.endpoint()).isEqualTo(honest.endpoint());
    assertThat(refusal.reason()).isEqualTo("the PSK identity is not the endpoint's");
    assertThat(server.registrations).isEmpty();
  }

  @Test
  void device_whoseEndpointHasNoCredential_isRefusedAtRegistration() throws Exception {
    DeviceCredential honest = generator.next();
    store.put(DeviceCredential.of("somebody", PskIdentity.of(honest.endpoint()), copy(honest)));

    start(honest);

    assertThat(next(server.refusedRegistrations).reason())
        .isEqualTo("the endpoint has no credential");
    assertThat(server.registrations).isEmpty();
  }

  @Test
  void credential_removed_endsTheOpenSession() throws Exception {
    DeviceCredential credential = generator.next();
    DeviceCredential other = generator.next();
    store.put(credential);
    store.put(other);
    start(credential);
    start(other);
    next(server.registrations);
    next(server.registrations);
    assertThat(server.sessions()).contains(credential.endpoint(), other.endpoint());

    store.remove(credential.endpoint());

    await().until(() -> !server.sessions().contains(credential.endpoint()));
    assertThat(server.sessions()).contains(other.endpoint());
    start(credential); // as the device does once it finds its session gone
    assertThat(next(server.refusedHandshakes).reason()).isEqualTo(Reason.UNKNOWN_IDENTITY);
  }

  @Test
  void credential_replaced_endsTheSessionOfTheOldKey() throws Exception {
    DeviceCredential credential = generator.next();
    store.put(credential);
    LeshanClient device = start(credential);
    next(server.registrations);

    DeviceCredential next = DeviceCredential.of(credential.endpoint(), generator.nextKey());
    store.put(next);

    await().until(() -> server.sessions().isEmpty());
    device.destroy(false);
    start(next);
    assertThat(next(server.registrations).getEndpoint()).isEqualTo(credential.endpoint());
  }

  @Test
  void credential_putAgainUnchanged_keepsTheSession() throws Exception {
    DeviceCredential credential = generator.next();
    store.put(credential);
    start(credential);
    Registration registration = next(server.registrations);

    store.put(credential);

    ReadResponse response = server.server.send(registration, new ReadRequest("/3/0/0"), 10_000);
    assertThat(response.isSuccess()).isTrue();
    assertThat(server.sessions()).containsExactly(credential.endpoint());
  }

  @Test
  void erasedDevice_usesSerialNameAndBuiltInKey_andIsUnknown() throws Exception {
    byte[] erased = new byte[CredentialPartition.SIZE];
    Arrays.fill(erased, (byte) 0xff);

    start(FlashedDevice.boot(FirmwareView.of(erased), FirmwareView.serialEndpoint("zmp", 0x1234)));

    assertThat(next(server.refusedHandshakes).pskIdentity()).isEqualTo("zmp:sn:00001234");
  }

  private LeshanClient start(DeviceCredential credential) {
    byte[] flash = CredentialPartition.encode(credential);
    return start(FlashedDevice.boot(FirmwareView.of(flash), "zmp:sn:00000000"));
  }

  private LeshanClient start(FlashedDevice device) {
    LeshanClient client = device.client(server.uri());
    devices.add(client);
    client.start();
    return client;
  }

  private static PreSharedKey copy(DeviceCredential credential) {
    return PreSharedKey.copyOf(credential.psk().exposeBytes());
  }
}
