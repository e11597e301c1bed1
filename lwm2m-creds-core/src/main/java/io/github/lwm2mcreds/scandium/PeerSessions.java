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
    List<Connection> before = connections.getOrDefault(peer, List.of());
    List<Connection> ofSameKey = ofSameKey(before, connection);
    int tooMany = Math.max(0, ofSameKey.size() + 1 - limit);
    List<Connection> pushedOut = List.copyOf(ofSameKey.subList(0, tooMany));
    List<Connection> now = new ArrayList<>(before);
    now.removeIf(other -> other == connection || containsSame(pushedOut, other));
    now.add(connection);
    connections.remove(peer); // with the principal of the session before
    connections.put(peer, List.copyOf(now));
    return pushedOut;
  }

  private static List<Connection> ofSameKey(List<Connection> before, Connection connection) {
    Optional<String> key = keyOf(connection);
    return before.stream()
        .filter(other -> other != connection && keyOf(other).equals(key))
        .toList();
  }

  private static Optional<String> keyOf(Connection connection) {
    return SessionCredential.checkValue(connection.getEstablishedPeerIdentity());
  }

  /** Connections are equal or not as time goes by; what counts is which it is. */
  private static boolean containsSame(List<Connection> some, Connection connection) {
    return some.stream().anyMatch(other -> other == connection);
  }

  /** Takes out a session that has ended. */
  void remove(Principal peer, Connection connection) {
    connections.computeIfPresent(
        peer,
        (same, before) -> {
          List<Connection> left = before.stream().filter(other -> other != connection).toList();
          return left.isEmpty() ? null : List.copyOf(left);
        });
  }

  void clear() {
    connections.clear();
  }
}
