// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.Comparator;
import java.util.List;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;

/**
 * A connection that is to be saved, and when it was used last. They are saved in that order, as
 * Scandium takes a time to load them that grows with the square of those out of order.
 *
 * @param id null while a handshake has only just begun
 */
record TimedConnection(ConnectionId id, long nanos) {
  /** The connections' lock is held. */
  static TimedConnection of(IdleConnection idle) {
    return new TimedConnection(idle.id(), idle.lastMessageNanos());
  }

  static TimedConnection of(Connection connection) {
    return new TimedConnection(connection.getConnectionId(), connection.getLastMessageNanos());
  }

  /** Sorts some, those first that were used least recently; time wraps around after 292 years. */
  static void sort(List<TimedConnection> timed) {
    timed.sort(Comparator.comparingLong(TimedConnection::nanos));
  }

  /**
   * Returns what is saved of a connection that nobody uses at the time; null if it is gone.
   *
   * @param forgetsHello whether the ClientHello that it was made by is left out, by which Scandium
   *     knows repetitions of it for some minutes
   * @return for the caller to wipe
   */
  byte[] bytes(IdleMoves idle, boolean forgetsHello) {
    Object now = id == null ? null : idle.now(id);
    if (forgetsHello && now instanceof Connection found) {
      found.startByClientHello(null);
    }
    byte[] bytes = now instanceof Connection found ? SavedConnection.bytes(found) : (byte[]) now;
    return bytes == null && id != null ? idle.copyOfBytes(id) : bytes; // frozen in between
  }
}
