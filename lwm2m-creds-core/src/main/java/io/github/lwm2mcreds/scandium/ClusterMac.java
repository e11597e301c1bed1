// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.DatagramPacket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Authenticates what the nodes of a cluster send each other. Scandium's datagram has, before the
 * record, a type (1 byte), the device's port (2), the length of its address (1) and the address;
 * and it leaves room for a MAC there. Scandium's own MAC needs a DTLS session between each two
 * nodes, which ends with a restart; this one has no state.
 */
final class ClusterMac {
  /** As much as Scandium leaves room for. */
  static final int LENGTH = 8;

  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] PURPOSE = "lwm2m-creds cluster datagram".getBytes(US_ASCII);
  private static final int ADDRESS_LENGTH_AT = 3;
  private static final int ADDRESS_AT = 4;

  private final SecretKey key;
  private final ThreadLocal<Mac> macs = ThreadLocal.withInitial(this::newMac);

  ClusterMac(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  private Mac newMac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }

  /** Writes the MAC where Scandium has left room for it. */
  void addTo(DatagramPacket packet) {
    System.arraycopy(mac(packet), 0, packet.getData(), macAt(packet), LENGTH);
  }

  /** Whether the MAC of a datagram is right. */
  boolean verifies(DatagramPacket packet) {
    int at = macAt(packet);
    if (at + LENGTH > packet.getOffset() + packet.getLength()) {
      return false;
    }
    return MessageDigest.isEqual(
        mac(packet), Arrays.copyOfRange(packet.getData(), at, at + LENGTH));
  }

  private static int macAt(DatagramPacket packet) {
    int offset = packet.getOffset();
    return offset + ADDRESS_AT + (packet.getData()[offset + ADDRESS_LENGTH_AT] & 0xff);
  }

  private byte[] mac(DatagramPacket packet) {
    Mac mac = macs.get();
    int from = packet.getOffset();
    int macAt = macAt(packet);
    int recordAt = macAt + LENGTH;
    mac.update(PURPOSE);
    mac.update(packet.getData(), from, macAt - from);
    mac.update(packet.getData(), recordAt, from + packet.getLength() - recordAt);
    return Arrays.copyOf(mac.doFinal(), LENGTH);
  }
}
