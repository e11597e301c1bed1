// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where a connection goes first: to the server, or to a proxy.
 *
 * @param host the host in words
 * @param port the port
 */
record Hop(String host, int port) {
  static Hop to(URI uri, Optional<ProxySelector> proxies) {
    for (Proxy proxy : proxies.map(some -> some.select(uri)).orElse(List.of())) {
      if (proxy.address() instanceof InetSocketAddress address) {
        return new Hop("the proxy " + address.getHostString(), address.getPort());
      }
    }
    int standard = uri.getScheme().equals("https") ? 443 : 80;
    return new Hop("the host " + uri.getHost(), uri.getPort() < 0 ? standard : uri.getPort());
  }

  @Override
  public String toString() {
    return "port " + port + " of " + host;
  }
}
