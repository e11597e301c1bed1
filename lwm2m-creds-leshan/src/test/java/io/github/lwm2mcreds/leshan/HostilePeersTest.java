// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static io.github.lwm2mcreds.scandium.HostilePeer.CLIENT_KEY_EXCHANGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.scandium.Hellos;
import io.github.lwm2mcreds.scandium.HostilePeer;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole server among peers that attack it with handshakes: devices register all the same. */
class HostilePeersTest {
  private static final String[] ATTACKS = {
    "", "00", "0000", "ffff", "0004fffe0080", "000161" + "03040506", "03e8" + "61".repeat(1000)
  };

  private final InMemoryCredentialStore credentials = new InMemoryCredentialStore();
  private final RunningServer server = new RunningServer(credentials);
  private final Devices devices = new Devices();
  private final List<HostilePeer> peers = new ArrayList<>();

  @AfterEach
  void stop() {
    peers.forEach(HostilePeer::close);
    devices.close();
    server.close();
  }

  @Test
  void device_amongPeersThatAttack_registers() throws Exception {
    InetSocketAddress address =
        new InetSocketAddress("127.0.0.1", URI.create(server.uri()).getPort());
    for (int i = 0; i < 70; i++) {
      HostilePeer peer = new HostilePeer(address, "127.2." + i + ".1").greet();
      peers.add(peer);
      String body = ATTACKS[i % ATTACKS.length];
      int length = i < 35 ? body.length() / 2 : 8000; // the rest of it never comes
      peer.send(Hellos.part(CLIENT_KEY_EXCHANGE, HostilePeer.NEXT, length, 0, body));
    }
    DeviceCredential device =
        DeviceCredential.of("device", PreSharedKey.copyOf("0123456789abcdeX".getBytes(UTF_8)));
    credentials.put(device);
    devices.start(device, server.uri());

    assertThat(next(server.registrations).getEndpoint()).isEqualTo("device");
  }
}
