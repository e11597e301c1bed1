// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationStore;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;

/** A real Leshan server on loopback, with everything it reports. */
final class RunningServer implements AutoCloseable {
  /** Issues the certificates of the server and its devices. */
  static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

  static final TestCertificates CERTIFICATE = AUTHORITY.issue("localhost");

  private static final long TIMEOUT_SECONDS = 20;

  final LeshanServer server;

  /** Of a server of Leshan's own builders. */
  final RegistrationTerminator terminator;

  final BlockingQueue<Registration> registrations = new LinkedBlockingQueue<>();
  final BlockingQueue<Registration> updatedRegistrations = new LinkedBlockingQueue<>();
  final BlockingQueue<HandshakeRefusal> refusedHandshakes = new LinkedBlockingQueue<>();
  final BlockingQueue<RegistrationRefusal> refusedRegistrations = new LinkedBlockingQueue<>();

  final BlockingQueue<Registration> endedRegistrations = new LinkedBlockingQueue<>();
  final BlockingQueue<RetiredCredential> retired = new LinkedBlockingQueue<>();
  final BlockingQueue<RuntimeException> sweepFailures = new LinkedBlockingQueue<>();
  final BlockingQueue<RuntimeException> confirmFailures = new LinkedBlockingQueue<>();

  RunningServer(CredentialStore credentials) {
    server =
        PskServer.builder(credentials)
            .address(anyPort())
            .onHandshakeRefusal(refusedHandshakes::add)
            .onRegistrationRefusal(refusedRegistrations::add)
            .onRetired(retired::add)
            .onConfirmFailure(confirmFailures::add)
            .build();
    terminator = null;
    start();
  }

  /** A server of Leshan's own builders, for every mode: with coaps and coap. */
  RunningServer(LeshanSecurityStore infos, RegistrationStore registrationStore) {
    this(infos, registrationStore, anyPort(), connector -> {});
  }

  /**
   * The same at a place of its own.
   *
   * @param beforeStart is given the connector of coaps before the server starts
   */
  RunningServer(
      LeshanSecurityStore infos,
      RegistrationStore registrationStore,
      InetSocketAddress coaps,
      Consumer<DTLSConnector> beforeStart) {
    server =
        new LeshanServerBuilder()
            .setSecurityStore(infos)
            .setRegistrationStore(registrationStore)
            .setAuthorizer(
                CredentialAuthorizer.builder(infos)
                    .onRefusal(refusedRegistrations::add)
                    .allowAnyoneWithoutSecurity()
                    .build())
            .setPrivateKey(CERTIFICATE.key())
            .setCertificateChain(new X509Certificate[] {CERTIFICATE.certificate()})
            .setTrustedCertificates(new X509Certificate[] {AUTHORITY.certificate()})
            .setEndpointsProviders(
                new CaliforniumServerEndpointsProvider.Builder(
                        new PskCoapsServerProtocolProvider(
                            infos.credentials(), refusedHandshakes::add),
                        new CoapServerProtocolProvider())
                    .addEndpoint(coaps, Protocol.COAPS)
                    .addEndpoint(anyPort(), Protocol.COAP)
                    .build())
            .build();
    terminator = RegistrationTerminator.attach(server, infos.credentials(), sweepFailures::add);
    beforeStart.accept(connector());
    start();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void start() {
    server
        .getRegistrationService()
        .addListener(
            new RegistrationListener() {
              @Override
              public void registered(
                  Registration registration, Registration previous, Collection<Observation> o) {
                registrations.add(registration);
              }

              @Override
              public void updated(
                  RegistrationUpdate update, Registration updated, Registration previous) {
                updatedRegistrations.add(updated);
              }

              @Override
              public void unregistered(
                  Registration registration,
                  Collection<Observation> observations,
                  boolean expired,
                  Registration next) {
                if (!expired && next == null) {
                  endedRegistrations.add(registration);
                }
              }
            });
    server.start();
  }

  String uri() {
    return server.getEndpoint(Protocol.COAPS).getURI().toString();
  }

  /** Where it listens without security. */
  String coapUri() {
    return server.getEndpoint(Protocol.COAP).getURI().toString();
  }

  int port() {
    return server.getEndpoint(Protocol.COAPS).getURI().getPort();
  }

  /** The PSK identities of the sessions that are open now; what others have for a name. */
  List<String> sessions() {
    List<String> identities = new CopyOnWriteArrayList<>();
    try {
      connector()
          .startForEach(
              connection -> {
                Principal peer = connection.getEstablishedPeerIdentity();
                if (peer instanceof PreSharedKeyIdentity psk) {
                  identities.add(psk.getIdentity());
                } else if (peer != null) {
                  identities.add(peer.getName());
                }
                return false;
              })
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return identities;
  }

  DTLSConnector connector() {
    CaliforniumServerEndpoint endpoint =
        (CaliforniumServerEndpoint) server.getEndpoint(Protocol.COAPS);
    return (DTLSConnector) endpoint.getCoapEndpoint().getConnector();
  }

  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T value = queue.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (value == null) {
      throw new AssertionError("nothing was reported within " + TIMEOUT_SECONDS + " s");
    }
    return value;
  }

  @Override
  public void close() {
    server.destroy();
  }
}
