// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;

/**
 * The connections whose peer has not proved a key yet, the oldest first, each known by its network.
 * Not safe for use by several threads: the connections' write lock is held.
 */
final class HandshakesUnderWay {
  /** A network may have this part of the room, before its own have to go. */
  private static final int SHARE = 16;

  private static final int IPV4_BYTES = 3;
  private static final int IPV6_BYTES = 8;

  private record UnderWay(Connection connection, Network network) {}

  /** The peers that one party is likely to have: an IPv4 /24, or an IPv6 /64. */
  private static final class Network {
    /** The oldest first. */
    final Map<ConnectionId, Connection> connections = new LinkedHashMap<>();

    final String prefix;

    Network(String prefix) {
      this.prefix = prefix;
    }
  }

  private final int limit;
  private final Map<ConnectionId, UnderWay> all = new LinkedHashMap<>();
  private final Map<String, Network> networks = new HashMap<>();

  HandshakesUnderWay(int limit) {
    this.limit = limit;
  }

  /** Adds a connection; returns the one that has to go for it, or null if there is room. */
  Connection add(Connection connection) {
    Network network = networks.computeIfAbsent(prefix(connection.getPeerAddress()), Network::new);
    Connection pushedOut = all.size() < limit ? null : firstToGo(network);
    if (pushedOut != null) {
      remove(pushedOut.getConnectionId());
      networks.put(network.prefix, network); // if that was its only one
    }
    network.connections.put(connection.getConnectionId(), connection);
    all.put(connection.getConnectionId(), new UnderWay(connection, network));
    return pushedOut;
  }

  private Connection firstToGo(Network newcomers) {
    boolean isOverShare = newcomers.connections.size() * (long) SHARE > limit;
    Iterator<Connection> own = newcomers.connections.values().iterator();
    return isOverShare ? own.next() : all.values().iterator().next().connection;
  }

  /** Takes out a connection that is established, or gone; returns whether it was there. */
  boolean remove(ConnectionId id) {
    UnderWay removed = all.remove(id);
    if (removed == null) {
      return false;
    }
    removed.network.connections.remove(id);
    if (removed.network.connections.isEmpty()) {
      networks.remove(removed.network.prefix);
    }
    return true;
  }

  boolean contains(ConnectionId id) {
    return all.containsKey(id);
  }

  int size() {
    return all.size();
  }

  void clear() {
    all.clear();
    networks.clear();
  }

  private static String prefix(InetSocketAddress peer) {
    InetAddress address = peer == null ? null : peer.getAddress();
    if (address == null) {
      return "";
    }
    byte[] bytes = address.getAddress();
    int length = address instanceof Inet4Address ? IPV4_BYTES : IPV6_BYTES;
    return new String(Arrays.copyOf(bytes, length), StandardCharsets.ISO_8859_1);
  }
}
