// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server logs to which nobody listens. */
class ServerEventsTest {
  private static final String PEER = " peer=127\\.0\\.0\\.1:[0-9]+";

  private final LoggedEvents logged = new LoggedEvents();
  private final CredentialGenerator generator = CredentialGenerator.counting("device-%08x", 0);
  private final Faults faults = new Faults();
  private final InMemoryEngine store = new InMemoryEngine(new InMemoryEngine(), faults);

  @AfterEach
  void closeLog() {
    logged.close();
  }

  private void awaitLine(Event event, String pattern) {
    await()
        .untilAsserted(
            () -> assertThat(logged.of(event)).singleElement().asString().matches(pattern));
  }

  @Test
  void deviceWhoseCredentialIsRemoved_isLogged() {
    DeviceCredential credential = generator.next();
    store.put(credential);
    LeshanServer server =
        PskServer.builder(store)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    try (Devices devices = new Devices()) {
      server.start();
      String uri = server.getEndpoint(Protocol.COAPS).getURI().toString();
      devices.start(credential, uri);
      await().until(() -> server.getRegistrationService().getByEndpoint("device-00000000") != null);

      store.remove(credential.endpoint());

      awaitLine(
          Event.REGISTRATION_ENDED,
          "INFO registration-ended endpoint=device-00000000 identity=device-00000000");
      awaitLine(
          Event.SESSION_ENDED,
          "INFO session-ended reason=retired" + PEER + " identity=device-00000000");
      devices.start(credential, uri);
      await().until(() -> !logged.of(Event.HANDSHAKE_REFUSED).isEmpty());
      assertThat(logged.of(Event.HANDSHAKE_REFUSED).get(0))
          .matches(
              "WARNING handshake-refused reason=unknown-identity"
                  + PEER
                  + " identity=device-00000000");
    } finally {
      server.destroy();
    }
    String key = HexFormat.of().formatHex(credential.psk().exposeBytes());
    assertThat(logged.all()).noneMatch(line -> line.toLowerCase(Locale.ROOT).contains(key));
  }

  @Test
  void connectionListenerOfTheServer_isCalledAndRefusalsAreLoggedOnce() {
    AtomicInteger errors = new AtomicInteger();
    LeshanServer server =
        PskServer.builder(store)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .dtls(config -> config.setConnectionListener(new CountMacErrors(errors)))
            .build();
    try (Devices devices = new Devices()) {
      server.start();
      devices.start(generator.next(), server.getEndpoint(Protocol.COAPS).getURI().toString());

      awaitLine(Event.HANDSHAKE_REFUSED, ".* reason=unknown-identity .*");
      await().untilAsserted(() -> assertThat(errors).hasPositiveValue());
    } finally {
      server.destroy();
    }
  }

  @Test
  void refusedRegistration_isLogged() {
    LeshanSecurityStore infos = new LeshanSecurityStore(store);
    EndpointUri coaps = new EndpointUri("coaps", "localhost", 5684);
    IpPeer sender =
        new IpPeer(
            new InetSocketAddress("localhost", 1),
            new org.eclipse.leshan.core.peer.PskIdentity("an\nidentity"));
    RegisterRequest request =
        new RegisterRequest(
            "a b", null, "1.1", null, null, null, new Link[] {new Link("/3/0")}, null);
    Registration registration = new Registration.Builder("r", "a b", sender, coaps).build();

    CredentialAuthorizer.builder(infos).build().isAuthorized(request, registration, sender, coaps);

    assertThat(logged.of(Event.REGISTRATION_REFUSED))
        .containsExactly(
            "WARNING registration-refused reason=no-credential endpoint=\"a b\""
                + " identity=an\\u000aidentity");
  }

  @Test
  void registrationsThatCannotBeCompared_areLogged() {
    OutlivingRegistrations registrations = new OutlivingRegistrations();
    registrations
        .all()
        .addRegistration(OutlivingRegistrations.registration("a", TestInfos.peer("a")));
    LeshanSecurityStore infos = new LeshanSecurityStore(store);
    faults.failAfter(0);
    try (RunningServer server = new RunningServer(infos, registrations.connect())) {
      await().until(() -> !server.sweepFailures.isEmpty());
    }

    assertThat(logged.of(Event.REGISTRATIONS_NOT_COMPARED))
        .isNotEmpty()
        .containsOnly(
            "WARNING registrations-not-compared"
                + " failure=\"CredentialStoreException: out of reach\"");
  }

  @Test
  void rotationThatCannotBeConfirmed_isLogged() {
    faults.failAfter(0);
    Confirmations confirmations = new Confirmations(store, failure -> {});

    confirmations.confirm(PskIdentity.of("a"));

    awaitLine(
        Event.ROTATION_NOT_CONFIRMED,
        "WARNING rotation-not-confirmed reason=store-failed identity=a"
            + " failure=\"CredentialStoreException: out of reach\"");
    confirmations.stop();
    confirmations.confirm(PskIdentity.of("a"));
    assertThat(logged.of(Event.ROTATION_NOT_CONFIRMED)).hasSize(1);
  }

  @Test
  void rotationsOfWhichTooManyWait_areLogged() {
    faults.hold();
    Confirmations confirmations = new Confirmations(store, failure -> {});
    for (int i = 0; i < 10_002; i++) {
      confirmations.confirm(PskIdentity.of("a"));
    }

    assertThat(logged.of(Event.ROTATION_NOT_CONFIRMED))
        .containsExactly("WARNING rotation-not-confirmed reason=too-many-waiting identity=a");
    faults.release();
    confirmations.stop();
  }

  private record CountMacErrors(AtomicInteger errors)
      implements org.eclipse.californium.scandium.ConnectionListener {
    @Override
    public boolean onConnectionMacError(Connection connection) {
      errors.incrementAndGet();
      return false;
    }

    @Override
    public void onConnectionEstablished(Connection connection) {}

    @Override
    public void onConnectionRemoved(Connection connection) {}

    @Override
    public boolean onConnectionUpdatesSequenceNumbers(Connection connection, boolean write) {
      return false;
    }

    @Override
    public void beforeExecution(Connection connection) {}

    @Override
    public void updateExecution(Connection connection) {}

    @Override
    public void afterExecution(Connection connection) {}
  }
}
