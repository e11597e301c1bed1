// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.LeastRecentlyUpdatedCache;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.junit.jupiter.api.Test;

/** What cannot be brought about through a connector at will. */
class ConnectionRoomTest {
  private final LeastRecentlyUpdatedCache<ConnectionId, Connection> connections =
      new LeastRecentlyUpdatedCache<>(Integer.MAX_VALUE, 1, TimeUnit.HOURS);

  private final ConnectionRoom room =
      new ConnectionRoom(
          connections,
          new IdleMoves(connections, new HashMap<>(), new HashMap<>()),
          ConnectionLimits.of(new Configuration(DtlsConfig.DEFINITIONS))
              .withSessions(10)
              .withHandshakes(1));

  private Connection handshake(int id) {
    Connection connection = new Connection(new InetSocketAddress("127.0.0.1", 5684));
    connection.setConnectionId(new ConnectionId(new byte[] {(byte) id}));
    connections.put(connection.getConnectionId(), connection);
    return connection;
  }

  @Test
  void handshake_thatIsToGoAndEndsJustInTime_isASession() {
    Connection first = handshake(1);
    room.addHandshake(first);
    assertThat(room.addHandshake(handshake(2))).isSameAs(first);
    assertThat(room.left()).isEqualTo(10);

    room.establish(first.getConnectionId(), null);

    assertThat(room.left()).isEqualTo(9);
  }

  @Test
  void handshake_thatIsGone_leavesItsRoom() {
    Connection first = handshake(1);
    room.addHandshake(first);
    Connection second = handshake(2);
    room.addHandshake(second);
    connections.remove(first.getConnectionId());
    room.remove(first.getConnectionId(), null);

    room.establish(second.getConnectionId(), null);

    assertThat(room.handshakes()).isZero();
    assertThat(room.left()).isEqualTo(9);
  }

  @Test
  void connections_thatWereDroppedAtOnce_areForgotten() {
    room.addHandshake(handshake(1));
    connections.clear();

    room.forgetDropped();

    assertThat(room.handshakes()).isZero();
    assertThat(room.addHandshake(handshake(2))).isNull();
  }

  @Test
  void connections_thatAreThere_areNotForgotten() {
    room.addHandshake(handshake(1));

    room.forgetDropped();

    assertThat(room.handshakes()).isOne();
  }
}
