// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.leshan.PskServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

/** A complete Leshan server, which counts a registration as an echo. */
final class RegistrationServer implements EchoServer {
  private final LeshanServer server;
  private final LongAdder registrations = new LongAdder();

  RegistrationServer(ServerSpec spec, FilledStore store) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        spec.peer() == ServerSpec.Peer.LWM2M_CREDS_SERVER
            ? PskServer.builder(store.credentials().orElseThrow()).address(address).build()
            : new LeshanServerBuilder()
                .setSecurityStore(store.securityStore().orElseThrow())
                .setEndpointsProviders(
                    new CaliforniumServerEndpointsProvider.Builder(
                            new CoapsServerProtocolProvider())
                        .addEndpoint(address, Protocol.COAPS)
                        .build())
                .build();
    server.getRegistrationService().addListener(new Counter());
    server.start();
  }

  @Override
  public int port() {
    return server.getEndpoint(Protocol.COAPS).getURI().getPort();
  }

  @Override
  public long echoes() {
    return registrations.sum();
  }

  @Override
  public void close() {
    server.destroy();
  }

  private final class Counter implements RegistrationListener {
    @Override
    public void registered(
        Registration registration, Registration before, Collection<Observation> observations) {
      registrations.increment();
    }

    @Override
    public void updated(RegistrationUpdate update, Registration updated, Registration before) {
      // devices here only register
    }

    @Override
    public void unregistered(
        Registration registration,
        Collection<Observation> observations,
        boolean expired,
        Registration after) {
      // nor do they leave
    }
  }
}
