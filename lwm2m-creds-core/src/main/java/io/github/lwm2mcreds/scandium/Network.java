// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The peers that one party is likely to have: an IPv4 /24 or an IPv6 /64. */
final class Network {
  private static final int IPV4_BYTES = 3;
  private static final int IPV6_BYTES = 8;

  private Network() {}

  /** Returns a number for a network; those of IPv4 are apart from those of IPv6 in use. */
  static long of(InetSocketAddress peer) {
    InetAddress address = peer == null ? null : peer.getAddress();
    if (address == null) {
      return -1L;
    }
    byte[] bytes = address.getAddress();
    return number(bytes, bytes.length == Integer.BYTES ? IPV4_BYTES : IPV6_BYTES);
  }

  /** Returns a number for what one peer can have: a whole IPv4 address, or an IPv6 network. */
  static long ofPeer(InetSocketAddress peer) {
    byte[] bytes = peer.getAddress().getAddress();
    return number(bytes, Math.min(bytes.length, IPV6_BYTES));
  }

  private static long number(byte[] bytes, int length) {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << Byte.SIZE | bytes[i] & 0xff;
    }
    return number;
  }
}
