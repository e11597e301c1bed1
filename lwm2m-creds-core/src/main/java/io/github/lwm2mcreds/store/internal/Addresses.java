// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.net.InetSocketAddress;

/** Addresses of peers as text. */
public final class Addresses {
  private Addresses() {}

  /** Returns host and port, such as {@code 192.0.2.1:5684} or {@code [2001:db8::1]:5684}. */
  public static String text(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
