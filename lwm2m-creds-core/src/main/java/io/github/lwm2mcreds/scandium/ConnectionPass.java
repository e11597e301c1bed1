// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.scandium.ScandiumEvents.Ended;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.ConnectionStore;
import org.eclipse.californium.scandium.dtls.DtlsException;
import org.eclipse.californium.scandium.dtls.Handshaker;

/** One way through all connections, which ends some of them. */
abstract class ConnectionPass {
  /** What all passes of a kind have ended. */
  static final class Totals {
    private final Ended how;
    private final LongAdder sessions = new LongAdder();
    private final LongAdder handshakes = new LongAdder();

    Totals(Ended how) {
      this.how = how;
    }

    long sessions() {
      return sessions.sum();
    }

    long handshakes() {
      return handshakes.sum();
    }
  }

  private final ConnectionStore connections;
  private final Totals totals;

  /** Counts the pass itself, and the connections that it has begun to end. */
  private final AtomicInteger open = new AtomicInteger(1);

  ConnectionPass(ConnectionStore connections, Totals totals) {
    this.connections = connections;
    this.totals = totals;
  }

  /**
   * Whether an established session has to end; asked again in its execution.
   *
   * @param peer null if there is no session
   */
  abstract boolean ends(Principal peer);

  /** Whether a handshake has to be aborted; asked in its connection's execution. */
  abstract boolean aborts(Handshaker handshaker);

  /** Called when a session was ended. */
  void ended() {}

  /** Called when the pass and all that it has begun are done. */
  void finished() {}

  void run() {
    try {
      for (Connection connection : candidates()) {
        // In this order: a handshake is ongoing until its session is established.
        if (connection.hasOngoingHandshake()) {
          endInTurn(connection);
        } else if (ends(connection.getEstablishedPeerIdentity())) {
          endAsItIsNow(connection.getConnectionId());
        }
      }
    } finally {
      close();
    }
  }

  /** Idle connections that go on are not woken. */
  private Iterable<Connection> candidates() {
    return connections instanceof PskConnections kept ? kept.ofPeers(this::ends) : connections;
  }

  /** It may have become idle while the store was asked, and be another object once it is woken. */
  private void endAsItIsNow(ConnectionId id) {
    Connection found = id == null ? null : connections.get(id);
    if (found != null) {
      endInTurn(found);
    }
  }

  /** Ends a connection in its execution, or at once if the connector was stopped. */
  private void endInTurn(Connection connection) {
    open.incrementAndGet();
    try {
      connection.execute(() -> endAndClose(connection), true);
    } catch (RejectedExecutionException e) {
      endAndClose(connection);
    }
  }

  private void endAndClose(Connection connection) {
    try {
      end(connection);
    } finally {
      close();
    }
  }

  private void end(Connection connection) {
    Handshaker handshaker = connection.getOngoingHandshake();
    if (connection.hasEstablishedDtlsContext()) {
      Principal session = connection.getEstablishedPeerIdentity();
      InetSocketAddress peer = connection.getPeerAddress();
      if (ends(session) && connections.remove(connection, true)) { // another may have been first
        totals.sessions.increment();
        ScandiumEvents.ended(totals.how, peer, session);
        ended();
      }
    } else if (handshaker != null && aborts(handshaker)) {
      // Not by removing the connection, which first executes waiting tasks, such as a Finished.
      if (!Handshakes.isRefused(handshaker)) { // or it would be counted as both
        totals.handshakes.increment();
      }
      handshaker.handshakeFailed(new DtlsException("the credential was retired"));
    }
  }

  private void close() {
    if (open.decrementAndGet() == 0) {
      finished();
    }
  }
}
