// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.californium.elements.util.ClockUtil;
import org.eclipse.californium.elements.util.LeastRecentlyUpdatedCache;
import org.eclipse.californium.elements.util.LeastRecentlyUpdatedCache.Timestamped;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;

/**
 * Puts aside connections that have been quiet for some time, where a server has many, those first
 * that were used least recently. Run now and then, it does some at a time.
 *
 * <p>A thread that has just looked a connection up may be about to use it. So it is put aside as it
 * is at first: whoever asks for it gets it back, and only if nobody does for far longer than such a
 * thread takes, it is kept as its bytes.
 */
final class ConnectionFreezer implements Runnable {
  /** How often it is run, so that what it does in the pool holds up nobody for long. */
  static final Duration INTERVAL = Duration.ofMillis(500);

  /** More than as many handshakes as a server of two processors makes in the meantime. */
  private static final int AT_A_TIME = 2500;

  private static final int MAX_LOOKS = 4 * AT_A_TIME;
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final Duration HELD = Duration.ofSeconds(10);

  /** This part of the sessions that there may be stays as it is, and is served faster. */
  private static final int IN_USE = 16;

  private record Aside(IdleConnection connection, long nanos) {}

  private final LeastRecentlyUpdatedCache<ConnectionId, Connection> connections;
  private final IdleMoves moves;
  private final int inUse;
  private final long quietNanos;
  private final long heldNanos;
  private final Queue<Aside> aside = new ArrayDeque<>();

  /** Goes on where it was last time, as many of those used least recently may have to stay. */
  private Iterator<Connection> looking = Collections.emptyIterator();

  ConnectionFreezer(
      LeastRecentlyUpdatedCache<ConnectionId, Connection> connections,
      IdleMoves moves,
      ConnectionLimits limits) {
    this(connections, moves, limits.sessions() / IN_USE, QUIET, HELD);
  }

  /**
   * Makes one with other times.
   *
   * @param inUse how many connections stay as they are
   */
  ConnectionFreezer(
      LeastRecentlyUpdatedCache<ConnectionId, Connection> connections,
      IdleMoves moves,
      int inUse,
      Duration quiet,
      Duration held) {
    this.connections = connections;
    this.moves = moves;
    this.inUse = inUse;
    this.quietNanos = quiet.toNanos();
    this.heldNanos = held.toNanos();
  }

  @Override
  public synchronized void run() {
    long now = ClockUtil.nanoRealtime();
    while (!aside.isEmpty() && now - aside.peek().nanos >= heldNanos) {
      freeze(aside.remove().connection);
    }
    int excess = Math.min(connections.size() - inUse, AT_A_TIME);
    if (excess <= 0) {
      looking = Collections.emptyIterator(); // or it would keep connections that are gone
    }
    if (excess > 0 && !looking.hasNext()) {
      looking = connections.ascendingIterator();
    }
    for (int looks = 0; excess > 0 && looks < MAX_LOOKS && looking.hasNext(); looks++) {
      Connection connection = looking.next();
      Timestamped<Connection> used = connections.getTimestamped(connection.getConnectionId());
      if (used != null && now - used.getLastUpdate() < quietNanos) {
        looking = Collections.emptyIterator(); // all that come after it were used later
        return;
      }
      IdleConnection put = moves.putAside(connection);
      if (put != null) {
        aside.add(new Aside(put, now));
        excess--;
      }
    }
  }

  private void freeze(IdleConnection one) {
    Connection connection = moves.asIs(one);
    if (connection != null) {
      try {
        connection.execute(() -> moves.freeze(one), false);
      } catch (RejectedExecutionException e) {
        // the server stops
      }
    }
  }
}
