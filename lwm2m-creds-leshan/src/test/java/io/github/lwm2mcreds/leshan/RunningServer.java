package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;

/** A real Leshan server on loopback, with everything it reports. */
final class RunningServer implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 20;

  final LeshanServer server;
  final BlockingQueue<Registration> registrations = new LinkedBlockingQueue<>();
  final BlockingQueue<HandshakeRefusal> refusedHandshakes = new LinkedBlockingQueue<>();
  final BlockingQueue<RegistrationRefusal> refusedRegistrations = new LinkedBlockingQueue<>();

  final BlockingQueue<Registration> endedRegistrations = new LinkedBlockingQueue<>();
  final BlockingQueue<RetiredCredential> retired = new LinkedBlockingQueue<>();
  final BlockingQueue<RuntimeException> confirmFailures = new LinkedBlockingQueue<>();

  RunningServer(CredentialStore credentials) {
    server =
        PskServer.builder(credentials)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .onHandshakeRefusal(refusedHandshakes::add)
            .onRegistrationRefusal(refusedRegistrations::add)
            .onRetired(retired::add)
            .onConfirmFailure(confirmFailures::add)
            .build();
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
                  RegistrationUpdate update, Registration updated, Registration previous) {}

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

  int port() {
    return server.getEndpoint(Protocol.COAPS).getURI().getPort();
  }

  /** The PSK identities of the sessions that are open now. */
  List<String> sessions() {
    List<String> identities = new CopyOnWriteArrayList<>();
    CaliforniumServerEndpoint endpoint =
        (CaliforniumServerEndpoint) server.getEndpoint(Protocol.COAPS);
    try {
      ((DTLSConnector) endpoint.getCoapEndpoint().getConnector())
          .startForEach(
              connection -> {
                if (connection.getEstablishedPeerIdentity() instanceof PreSharedKeyIdentity psk) {
                  identities.add(psk.getIdentity());
                }
                return false;
              })
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return identities;
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
