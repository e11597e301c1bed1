// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.scandium.ScandiumEvents.Ended;
import io.github.lwm2mcreds.store.PskLookup;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.EventLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.californium.scandium.dtls.ConnectionStore;

/**
 * The sweeps of a server: one at a time, on a thread of their own. All who ask for one while
 * another runs, or before it has begun, share the next.
 */
final class SessionSweeps {
  /** What sweeps do next. */
  private enum Due {
    NOTHING,
    SESSIONS,
    SESSIONS_AND_HANDSHAKES
  }

  /** Why sessions were not compared. */
  private enum Cause {
    /** The sweep has failed, and is tried again. */
    STORE_OUT_OF_REACH,
    /** The store failed for some, which go on. */
    SESSIONS_PASSED_OVER
  }

  private final ConnectionStore connections;
  private final PskLookup credentials;
  private final ConnectionPass.Totals totals = new ConnectionPass.Totals(Ended.COMPARED);
  private final Executor thread = IdleThread.named("lwm2m-creds session sweep");

  /** The sweep that has not begun, and its result as callers get it; null if there is none. */
  private SessionSweep waiting;

  private CompletableFuture<Integer> result;
  private Due due = Due.NOTHING;

  SessionSweeps(ConnectionStore connections, PskLookup credentials) {
    this.connections = connections;
    this.credentials = credentials;
  }

  ConnectionPass.Totals totals() {
    return totals;
  }

  /**
   * Compares all sessions with the store, from now on.
   *
   * @param withHandshakes whether handshakes that have asked for a key are aborted; they also are
   *     if a sweep that does so is due
   * @return completes with how many were ended
   */
  synchronized CompletableFuture<Integer> sweep(boolean withHandshakes) {
    boolean wereDue = due == Due.SESSIONS_AND_HANDSHAKES;
    due = Due.NOTHING;
    if (waiting == null) {
      thread.execute(this::run);
      SessionSweep sweep = new SessionSweep(connections, credentials, totals);
      result = sweep.result().whenComplete((ended, failure) -> report(sweep, failure));
      waiting = sweep;
    }
    if (withHandshakes || wereDue) {
      waiting.includeHandshakes();
    }
    return result.copy();
  }

  private void run() {
    SessionSweep next;
    synchronized (this) {
      next = waiting;
      waiting = null;
    }
    next.run();
  }

  private void report(SessionSweep sweep, Throwable failure) {
    if (failure != null) {
      sweepLater(sweep.includesHandshakes());
      EventLog.log(
          Event.SESSIONS_NOT_COMPARED, Cause.STORE_OUT_OF_REACH, line -> line.failure(failure));
    } else if (sweep.failure() != null) {
      EventLog.log(
          Event.SESSIONS_NOT_COMPARED,
          Cause.SESSIONS_PASSED_OVER,
          line -> line.put("sessions", sweep.passedOver()).failure(sweep.failure()));
    }
  }

  /** Asks for a sweep when {@link #sweepIfDue} is called next. */
  synchronized void sweepLater(boolean withHandshakes) {
    if (withHandshakes) {
      due = Due.SESSIONS_AND_HANDSHAKES;
    } else if (due == Due.NOTHING) {
      due = Due.SESSIONS;
    }
  }

  /** Makes the sweep that was asked for, or that failed for want of the store. */
  synchronized void sweepIfDue() {
    if (due != Due.NOTHING) {
      sweep(false); // which includes handshakes if they are due
    }
  }
}
