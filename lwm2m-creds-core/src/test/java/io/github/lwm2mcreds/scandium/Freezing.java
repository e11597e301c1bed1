// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;

/** Has a server keep its connections as their bytes, without waiting until they are idle. */
final class Freezing {
  private Freezing() {}

  /** Freezes all connections; returns them as they were, for those who have them in hand. */
  static List<Connection> all(PskConnections connections) {
    List<Connection> all = new ArrayList<>();
    connections.forEach(all::add);
    all.forEach(Freezing::forgetHello);
    ConnectionFreezer freezer = connections.freezer(0, Duration.ZERO, Duration.ZERO);
    await()
        .until(
            () -> {
              freezer.run();
              return all.stream().allMatch(one -> isFrozen(connections, one.getConnectionId()));
            });
    return all;
  }

  /** As the connector does, some minutes after the handshake. */
  static void forgetHello(Connection connection) {
    connection.startByClientHello(null);
  }

  static boolean isFrozen(PskConnections connections, ConnectionId id) {
    return connections.moves().copyOfBytes(id) != null;
  }
}
