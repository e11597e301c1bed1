// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ClusterMacTest {
  private static final int OFFSET = 3;

  /**
   * Type, port, length of an IPv4 address, the address, room for the MAC, a record of 100 bytes.
   */
  private static final byte[] DATAGRAM =
      HexFormat.of()
          .parseHex(
              "000000" + "3f" + "1234" + "04" + "7f000001" + "00".repeat(8) + "19".repeat(100));

  private final ClusterMac mac = new ClusterMac(new byte[32]);

  private static DatagramPacket packet(byte[] data) {
    return new DatagramPacket(data, OFFSET, data.length - OFFSET);
  }

  private byte[] authenticated() {
    byte[] data = DATAGRAM.clone();
    mac.addTo(packet(data));
    return data;
  }

  @Test
  void addTo_writesTheMacInItsRoomOnly() {
    byte[] data = authenticated();

    assertThat(mac.verifies(packet(data))).isTrue();
    Arrays.fill(data, OFFSET + 8, OFFSET + 16, (byte) 0);
    assertThat(data).isEqualTo(DATAGRAM);
    assertThat(mac.verifies(packet(data))).isFalse();
  }

  @Test
  void verifies_anyByteAltered_isFalse() {
    for (int at = OFFSET; at < DATAGRAM.length; at++) {
      byte[] altered = authenticated();
      altered[at] ^= 1;
      assertThat(mac.verifies(packet(altered))).as("altered at " + at).isFalse();
    }
  }

  @Test
  void verifies_cutAnywhere_isFalse() {
    for (int length = OFFSET + 4; length < DATAGRAM.length; length++) {
      byte[] cut = Arrays.copyOf(authenticated(), length);
      assertThat(mac.verifies(packet(cut))).as("cut at " + length).isFalse();
    }
  }

  @Test
  void verifies_withAnotherKey_isFalse() {
    byte[] other = new byte[32];
    other[31] = 1;

    assertThat(new ClusterMac(other).verifies(packet(authenticated()))).isFalse();
  }
}
