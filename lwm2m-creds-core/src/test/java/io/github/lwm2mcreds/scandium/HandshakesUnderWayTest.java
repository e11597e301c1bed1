// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.junit.jupiter.api.Test;

class HandshakesUnderWayTest {
  private int ids;

  private Connection peer(String address) {
    Connection connection = new Connection(new InetSocketAddress(address, 5684));
    byte[] id = ByteBuffer.allocate(Integer.BYTES).putInt(ids++).array();
    connection.setConnectionId(new ConnectionId(id));
    return connection;
  }

  @Test
  void add_withoutRoom_pushesOutTheOldest() {
    HandshakesUnderWay underWay = new HandshakesUnderWay(2);
    Connection first = peer("10.0.1.1");
    assertThat(underWay.add(first)).isNull();
    assertThat(underWay.add(peer("10.0.2.1"))).isNull();

    assertThat(underWay.add(peer("10.0.3.1"))).isSameAs(first);
    assertThat(underWay.size()).isEqualTo(2);
  }

  @Test
  void add_ofANetworkOverItsShare_pushesOutItsOwn() {
    HandshakesUnderWay underWay = new HandshakesUnderWay(32);
    Connection slow = peer("10.0.1.1");
    underWay.add(slow);
    List<Connection> flood = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      Connection flooding = peer("192.0.2." + i);
      flood.add(flooding);
      Connection pushedOut = underWay.add(flooding);
      if (i >= 32) {
        assertThat(pushedOut).isSameAs(flood.get(i - 32));
      }
    }

    assertThat(underWay.contains(slow.getConnectionId())).isTrue();
    assertThat(underWay.size()).isEqualTo(32);
  }

  @Test
  void add_ofAnIpv6Network_isThatOfItsFirst64Bits() {
    HandshakesUnderWay underWay = new HandshakesUnderWay(16);
    Connection other = peer("2001:db8:0:2::1");
    underWay.add(other);
    List<Connection> flood = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      flood.add(peer("2001:db8:0:1:" + i + "::1"));
      assertThat(underWay.add(flood.get(i))).isNull();
    }

    assertThat(underWay.add(peer("2001:db8:0:1:ffff::1"))).isSameAs(flood.get(0));
    assertThat(underWay.add(peer("2001:db8:0:3::1"))).isSameAs(other);
  }

  @Test
  void remove_makesRoom() {
    HandshakesUnderWay underWay = new HandshakesUnderWay(1);
    Connection first = peer("10.0.1.1");
    underWay.add(first);

    assertThat(underWay.remove(first.getConnectionId())).isTrue();
    assertThat(underWay.remove(first.getConnectionId())).isFalse();
    assertThat(underWay.size()).isZero();
    assertThat(underWay.add(peer("10.0.1.2"))).isNull();
  }

  @Test
  void add_ofANetworkWhoseOnlyOneIsPushedOut_keepsTheNetwork() {
    HandshakesUnderWay underWay = new HandshakesUnderWay(1);
    Connection last = peer("10.0.1.1");
    underWay.add(last);
    for (int i = 0; i < 20; i++) {
      Connection next = peer("10.0.1." + i);
      assertThat(underWay.add(next)).isSameAs(last);
      last = next;
    }
    assertThat(underWay.remove(last.getConnectionId())).isTrue();
    assertThat(underWay.size()).isZero();
  }
}
