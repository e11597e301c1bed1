package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.registration.Registration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that was down goes on with the sessions and registrations that are still good. */
class SavedSessionsTest {
  private final CredentialGenerator generator = CredentialGenerator.counting("device-%08x", 0);
  private final DeviceCredential good = generator.next();
  private final DeviceCredential bad = generator.next();
  private final InMemoryEngine store = new InMemoryEngine();
  private final OutlivingRegistrations registrations = new OutlivingRegistrations();
  private final Devices devices = new Devices();
  private RunningServer server;

  @BeforeEach
  void register() throws Exception {
    store.put(good);
    store.put(bad);
    server = new RunningServer(new LeshanSecurityStore(store), registrations.connect());
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

  /** Stops the server, and starts another in its place that loads its sessions. */
  private void restart(Runnable meanwhile) throws IOException {
    InetSocketAddress address = server.connector().getAddress();
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    server.server.stop();
    server.connector().save(saved, 3600);
    server.close();
    meanwhile.run();
    server =
        new RunningServer(
            new LeshanSecurityStore(store),
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
}
