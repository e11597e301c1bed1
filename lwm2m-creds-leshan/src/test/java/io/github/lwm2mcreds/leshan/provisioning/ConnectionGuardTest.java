// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.junit.jupiter.api.Test;

/** Connections from addresses that this machine does not have. */
class ConnectionGuardTest {
  private final ConnectionGuard guard = new ConnectionGuard(Limits.DEFAULT, () -> 0);
  private final List<String> closed = new ArrayList<>();

  private Connection from(String address) {
    EndPoint end =
        (EndPoint)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {EndPoint.class},
                (self, method, args) ->
                    switch (method.getName()) {
                      case "getRemoteSocketAddress" -> new InetSocketAddress(address, 5684);
                      case "close" -> closed.add(address) ? null : null;
                      case "isOpen" -> !closed.contains(address);
                      case "hashCode" -> System.identityHashCode(self);
                      case "equals" -> self == args[0];
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, args) -> end);
  }

  @Test
  void connections_ofOneIpv6Network_areLimitedTogether() {
    for (int i = 1; i <= Limits.DEFAULT.connectionsPerAddress() + 1; i++) {
      guard.onOpened(from("2001:db8::" + i));
    }
    guard.onOpened(from("2001:db8:0:1::1"));

    assertThat(closed).containsExactly("2001:db8::33");
    assertThat(guard.size()).isEqualTo(Limits.DEFAULT.connectionsPerAddress() + 1);
  }

  @Test
  void connection_thatWasClosed_isNotCountedWhenItIsToldOfAgain() {
    for (int i = 1; i <= Limits.DEFAULT.connectionsPerAddress(); i++) {
      guard.onOpened(from("2001:db8::" + i));
    }
    Connection oneTooMany = from("2001:db8::ffff");
    guard.onOpened(oneTooMany); // for TLS
    guard.onOpened(oneTooMany); // for HTTP

    assertThat(closed).containsExactly("2001:db8::ffff");
    assertThat(guard.size()).isEqualTo(Limits.DEFAULT.connectionsPerAddress());
  }
}
