// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import org.eclipse.leshan.core.Startable;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.server.registration.InMemoryRegistrationStore;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationStore;

/**
 * A registration store that outlives its servers, as one in Redis does: they neither stop nor
 * destroy it. It can be read once a server has started it, and not before.
 */
final class OutlivingRegistrations {
  private static final EndpointUri COAPS = new EndpointUri("coaps", "localhost", 5684);

  private final RegistrationStore registrations = new InMemoryRegistrationStore();
  private volatile boolean started;

  /** A registration as another server has left it. */
  static Registration registration(String endpoint, LwM2mIdentity identity) {
    int port = 1024 + Math.floorMod(endpoint.hashCode(), 60_000);
    IpPeer peer = new IpPeer(new InetSocketAddress("127.0.0.1", port), identity);
    return new Registration.Builder("r-" + endpoint, endpoint, peer, COAPS).build();
  }

  /** The store, for whoever looks at it from outside. */
  RegistrationStore all() {
    return registrations;
  }

  /** Connects a server, which has yet to start the store. */
  RegistrationStore connect() {
    started = false;
    return (RegistrationStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {RegistrationStore.class, Startable.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Startable.class) {
                started = true;
                return null;
              }
              if (!started && !method.getName().equals("setExpirationListener")) {
                throw new IllegalStateException("not started");
              }
              try {
                return method.invoke(registrations, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
