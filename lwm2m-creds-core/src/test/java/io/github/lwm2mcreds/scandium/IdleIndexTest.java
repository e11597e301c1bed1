// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdleIndexTest {
  private static IdleConnection idle(ConnectionId id) {
    Connection connection = new Connection(new InetSocketAddress("127.0.0.1", 5684));
    connection.setConnectionId(id);
    return new IdleConnection(connection);
  }

  private static ConnectionId id(int number) {
    return new ConnectionId(new byte[] {(byte) (number >> 8), (byte) number});
  }

  /** As a map does, while it grows and shrinks. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void index_findsWhatWasPutAndNotRemoved(int seed) {
    Random random = new Random(seed);
    IdleIndex<ConnectionId> index = new IdleIndex<>(IdleConnection::id);
    Map<ConnectionId, IdleConnection> expected = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      boolean grows = step / 4000 % 2 == 0;
      if (step % 3000 == 1) {
        index.expect(random.nextInt(5000)); // which changes nothing that can be seen
      }
      ConnectionId id = id(random.nextInt(3000));
      if (random.nextInt(10) < (grows ? 7 : 3)) {
        IdleConnection added = idle(id);
        index.put(added);
        expected.put(id, added);
      } else {
        IdleConnection known = expected.getOrDefault(id, idle(id));
        index.remove(idle(id)); // another of this id, which is not there
        assertThat(index.get(id)).isSameAs(expected.get(id));
        index.remove(known);
        expected.remove(id);
      }
      assertThat(index.size()).isEqualTo(expected.size());
      assertThat(index.get(id)).isSameAs(expected.get(id));
    }
    for (int number = 0; number < 3000; number++) {
      assertThat(index.get(id(number))).isSameAs(expected.get(id(number)));
    }
  }
}
