// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.Principal;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.eclipse.californium.elements.auth.ExtensiblePrincipal;
import org.eclipse.californium.elements.util.LeastRecentlyUpdatedCache;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;

/**
 * Decides which connection has to go for another. It only names them; whoever ends them does so in
 * their turn. Not safe for use by several threads: the connections' write lock is held.
 */
final class ConnectionRoom {
  private final LeastRecentlyUpdatedCache<ConnectionId, Connection> connections;
  private final IdleMoves idle;
  private final ConnectionLimits limits;
  private final HandshakesUnderWay handshakes;
  private final PeerSessions sessions;

  /** Those that were named and are not gone yet. */
  private final Set<ConnectionId> leaving = new HashSet<>();

  ConnectionRoom(
      LeastRecentlyUpdatedCache<ConnectionId, Connection> connections,
      IdleMoves idle,
      ConnectionLimits limits) {
    this.connections = connections;
    this.idle = idle;
    this.limits = limits;
    this.handshakes = new HandshakesUnderWay(limits.handshakes());
    this.sessions = new PeerSessions(limits.sessionsPerIdentity(), idle::peerOf);
  }

  /** Notices that all connections were dropped at once, of which nobody is told. */
  void forgetDropped() {
    idle.forgetDropped();
    if (connections.size() + idle.size() == 0) {
      handshakes.clear();
      sessions.clear();
      leaving.clear();
    }
  }

  /** Takes in a connection without a session; returns the one that has to go for it, or null. */
  Connection addHandshake(Connection connection) {
    Connection pushedOut = handshakes.add(connection);
    if (pushedOut != null) {
      leaving.add(pushedOut.getConnectionId());
    }
    return pushedOut;
  }

  /** Takes in a session; returns those of the same peer that have to go for it. */
  List<ConnectionId> establish(ConnectionId connection, Principal peer) {
    handshakes.remove(connection);
    leaving.remove(connection); // it was to go, and is just in time
    if (!isKnown(peer)) {
      return List.of();
    }
    List<ConnectionId> replaced = sessions.add(peer, connection);
    leaving.addAll(replaced);
    return replaced;
  }

  /**
   * Returns the session that has to go, since there are too many: the one used least recently; null
   * if there is room.
   *
   * @param newest which stays; null if that is an idle one, and the newest of these
   */
  ConnectionId leastUsed(Connection newest) {
    if (sessions() <= limits.sessions()) {
      return null;
    }
    for (IdleConnection oldest = idle.first(); oldest != null; oldest = oldest.after) {
      if (leaving.add(oldest.id())) {
        return oldest.id();
      }
    }
    for (Iterator<Connection> all = connections.ascendingIterator(); all.hasNext(); ) {
      Connection oldest = all.next();
      ConnectionId id = oldest.getConnectionId();
      if (oldest != newest && !handshakes.contains(id) && leaving.add(id)) {
        return id;
      }
    }
    return null;
  }

  /** Takes out a connection that is gone. */
  void remove(ConnectionId connection, Principal peer) {
    handshakes.remove(connection);
    leaving.remove(connection);
    if (isKnown(peer)) {
      sessions.remove(peer, connection);
    }
  }

  private static boolean isKnown(Principal peer) {
    return peer != null
        && !(peer instanceof ExtensiblePrincipal<?> extensible && extensible.isAnonymous());
  }

  private int sessions() {
    return connections.size() + idle.size() - handshakes.size() - leaving.size();
  }

  /** Returns how many more sessions there is room for. */
  int left() {
    return Math.max(0, limits.sessions() - sessions());
  }

  int handshakes() {
    return handshakes.size();
  }

  ConnectionLimits limits() {
    return limits;
  }
}
