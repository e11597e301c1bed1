// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.security.Authorizer;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In a server of Leshan's own builders, at the moments that matter. */
class RegistrationTerminatorTest {
  private final CredentialStore credentials = new InMemoryCredentialStore();
  private final DeviceCredential credential = CredentialGenerator.counting("device-%08x", 0).next();
  private final Devices devices = new Devices();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private LeshanServer server;

  @AfterEach
  void stop() {
    devices.close();
    server.destroy();
  }

  @Test
  void registration_approvedJustBeforeItsCredentialIsRemoved_isEnded() {
    start(
        authorizer ->
            (request, registration, sender, uri) -> {
              var result = authorizer.isAuthorized(request, registration, sender, uri);
              credentials.remove(registration.getEndpoint());
              return result;
            });
    RegistrationTerminator.attach(server, credentials);

    devices.start(credential, uri());

    await().until(() -> events.contains("unregistered"));
    assertThat(events).containsExactlyInAnyOrder("registered", "unregistered");
    assertThat(server.getRegistrationService().getByEndpoint(credential.endpoint())).isNull();
  }

  @Test
  void registration_afterClose_lives() {
    start(authorizer -> authorizer);
    RegistrationTerminator.attach(server, credentials).close();
    devices.start(credential, uri());
    await().until(() -> events.contains("registered"));

    credentials.remove(credential.endpoint());

    assertThat(server.getRegistrationService().getByEndpoint(credential.endpoint())).isNotNull();
  }

  private void start(Function<Authorizer, Authorizer> authorizer) {
    credentials.put(credential);
    LeshanSecurityStore infos = new LeshanSecurityStore(credentials);
    server =
        new LeshanServerBuilder()
            .setSecurityStore(infos)
            .setAuthorizer(authorizer.apply(CredentialAuthorizer.builder(infos).build()))
            .setEndpointsProviders(
                new CaliforniumServerEndpointsProvider.Builder(
                        new PskCoapsServerProtocolProvider(credentials))
                    .addEndpoint(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Protocol.COAPS)
                    .build())
            .build();
    server.getRegistrationService().addListener(new Events());
    server.start();
  }

  private String uri() {
    return server.getEndpoint(Protocol.COAPS).getURI().toString();
  }

  private final class Events implements RegistrationListener {
    @Override
    public void registered(
        Registration registration, Registration previous, Collection<Observation> observations) {
      events.add("registered");
    }

    @Override
    public void updated(RegistrationUpdate update, Registration updated, Registration previous) {}

    @Override
    public void unregistered(
        Registration registration,
        Collection<Observation> observations,
        boolean expired,
        Registration next) {
      events.add("unregistered");
    }
  }
}
