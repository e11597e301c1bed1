// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What one peer can call from: an IPv4 address, or an IPv6 /64.
 *
 * @param isIpv6 which of the two
 * @param prefix its bits
 */
record Network(boolean isIpv6, long prefix) {
  static Network of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet6Address
        ? new Network(true, bytes.getLong())
        : new Network(false, bytes.getInt());
  }
}
