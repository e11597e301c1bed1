// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * The sessions of each peer, the newest last. Not safe for use by several threads: the connections'
 * write lock is held.
 */
final class PeerSessions {
  private final int limit;

  /** A list of one takes a third of the memory that an {@link ArrayList} takes. */
  private final Map<Principal, List<Connection>> connections = new HashMap<>();

  PeerSessions(int limit) {
    this.limit = limit;
  }

  /**
   * Adds a session; returns those that have to go for it: the oldest of the same peer and key.
   *
   * @param peer whose session it is
   */
  List<Connection> add(Principal peer, Connection connection) {
    List<Connection> before = connections.remove(peer); // with the principal of the session before
    if (before == null) {
      connections.put(peer, List.of(connection));
      return List.of();
    }
    List<Connection> pushedOut = pushedOut(before, connection);
    List<Connection> now = new ArrayList<>(before.size() + 1);
    for (Connection other : before) {
      if (other != connection && !containsSame(pushedOut, other)) {
        now.add(other);
      }
    }
    now.add(connection);
    connections.put(peer, List.copyOf(now));
    return pushedOut;
  }

  private List<Connection> pushedOut(List<Connection> before, Connection connection) {
    Optional<String> key = keyOf(connection);
    List<Connection> ofSameKey = new ArrayList<>(before.size());
    for (Connection other : before) {
      if (other != connection && keyOf(other).equals(key)) {
        ofSameKey.add(other);
      }
    }
    return ofSameKey.subList(0, Math.max(0, ofSameKey.size() + 1 - limit));
  }

  private static Optional<String> keyOf(Connection connection) {
    return SessionCredential.checkValue(connection.getEstablishedPeerIdentity());
  }

  /** Connections are equal or not as time goes by; what counts is which it is. */
  private static boolean containsSame(List<Connection> some, Connection connection) {
    for (Connection one : some) {
      if (one == connection) {
        return true;
      }
    }
    return false;
  }

  /** Takes out a session that has ended. */
  void remove(Principal peer, Connection connection) {
    List<Connection> before = connections.get(peer);
    if (before == null || !containsSame(before, connection)) {
      return; // it was replaced
    }
    List<Connection> left = new ArrayList<>(before);
    left.removeIf(other -> other == connection);
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
