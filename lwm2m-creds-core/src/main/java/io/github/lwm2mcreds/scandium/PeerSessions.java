// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.californium.scandium.dtls.ConnectionId;

/**
 * The sessions of each peer, the newest last. Not safe for use by several threads: the connections'
 * write lock is held.
 */
final class PeerSessions {
  private final int limit;
  private final Function<ConnectionId, Principal> peers;

  /** A list of one takes a third of the memory that an {@link ArrayList} takes. */
  private final Map<Principal, List<ConnectionId>> connections = new HashMap<>();

  /**
   * Describes no sessions yet.
   *
   * @param peers tells whose session a connection has; null if it is gone
   */
  PeerSessions(int limit, Function<ConnectionId, Principal> peers) {
    this.limit = limit;
    this.peers = peers;
  }

  /**
   * Adds a session; returns those that have to go for it: the oldest of the same peer and key.
   *
   * @param peer whose session it is
   */
  List<ConnectionId> add(Principal peer, ConnectionId connection) {
    List<ConnectionId> before = connections.remove(peer); // with the principal of that before
    if (before == null) {
      connections.put(peer, List.of(connection));
      return List.of();
    }
    List<ConnectionId> pushedOut = pushedOut(before, connection);
    List<ConnectionId> now = new ArrayList<>(before);
    now.removeAll(pushedOut);
    now.remove(connection);
    now.add(connection);
    connections.put(peer, List.copyOf(now));
    return pushedOut;
  }

  private List<ConnectionId> pushedOut(List<ConnectionId> before, ConnectionId connection) {
    Optional<String> key = keyOf(connection);
    List<ConnectionId> ofSameKey = new ArrayList<>(before.size());
    for (ConnectionId other : before) {
      if (!other.equals(connection) && keyOf(other).equals(key)) {
        ofSameKey.add(other);
      }
    }
    return ofSameKey.subList(0, Math.max(0, ofSameKey.size() + 1 - limit));
  }

  private Optional<String> keyOf(ConnectionId connection) {
    return SessionCredential.checkValue(peers.apply(connection));
  }

  /** Takes out a session that has ended. */
  void remove(Principal peer, ConnectionId connection) {
    List<ConnectionId> before = connections.get(peer);
    if (before == null || !before.contains(connection)) {
      return; // it was replaced
    }
    List<ConnectionId> left = new ArrayList<>(before);
    left.remove(connection);
    if (left.isEmpty()) {
      connections.remove(peer);
    } else {
      connections.put(peer, List.copyOf(left));
    }
  }

  void clear() {
    connections.clear();
  }
}
