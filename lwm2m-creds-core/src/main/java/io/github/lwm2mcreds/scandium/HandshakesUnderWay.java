// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;

/**
 * The connections whose peer has not proved a key yet, the oldest first, each known by its {@link
 * Network}. Not safe for use by several threads: the connections' write lock is held.
 */
final class HandshakesUnderWay {
  /** A network may have this part of the room, before its own have to go. */
  private static final int SHARE = 16;

  /** How many are looked through for one of a network, which has more than its share of them. */
  private static final int MAX_LOOKS = 8 * SHARE;

  private record UnderWay(Connection connection, Long network) {}

  private final int limit;
  private final Map<ConnectionId, UnderWay> all = new LinkedHashMap<>();
  private final Map<Long, Integer> countsOfNetworks = new HashMap<>();

  HandshakesUnderWay(int limit) {
    this.limit = limit;
  }

  /** Adds a connection; returns the one that has to go for it, or null if there is room. */
  Connection add(Connection connection) {
    Long network = Network.of(connection.getPeerAddress());
    Connection pushedOut = all.size() < limit ? null : firstToGo(network);
    if (pushedOut != null) {
      remove(pushedOut.getConnectionId());
    }
    all.put(connection.getConnectionId(), new UnderWay(connection, network));
    countsOfNetworks.merge(network, 1, Integer::sum);
    return pushedOut;
  }

  private Connection firstToGo(Long network) {
    boolean isOverShare = countsOfNetworks.getOrDefault(network, 0) * (long) SHARE > limit;
    int looks = isOverShare ? MAX_LOOKS : 0;
    for (UnderWay underWay : all.values()) {
      if (looks-- <= 0) {
        break;
      }
      if (underWay.network.equals(network)) {
        return underWay.connection;
      }
    }
    return all.values().iterator().next().connection;
  }

  /** Takes out a connection that is established, or gone; returns whether it was there. */
  boolean remove(ConnectionId id) {
    UnderWay removed = all.remove(id);
    if (removed == null) {
      return false;
    }
    countsOfNetworks.computeIfPresent(
        removed.network, (network, count) -> count == 1 ? null : count - 1);
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
    countsOfNetworks.clear();
  }
}
