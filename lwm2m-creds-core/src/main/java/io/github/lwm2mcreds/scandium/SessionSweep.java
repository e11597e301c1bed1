// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.PskLookup;
import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.dtls.ConnectionStore;
import org.eclipse.californium.scandium.dtls.Handshaker;

/**
 * Ends the sessions whose credential is not in the store, whatever was heard of it.
 *
 * <p>A session for which the store fails is passed over. If it fails for several in a row, or for
 * all there are, it is taken to be out of reach, and the sweep fails.
 */
final class SessionSweep extends ConnectionPass {
  private static final int MAX_FAILURES_IN_A_ROW = 3;

  private final PskLookup credentials;
  private volatile boolean withHandshakes;
  private volatile RuntimeException failure;
  private volatile boolean judged;
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private final AtomicInteger passedOver = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final CompletableFuture<Integer> result = new CompletableFuture<>();

  SessionSweep(ConnectionStore connections, PskLookup credentials, Totals totals) {
    super(connections, totals);
    this.credentials = credentials;
  }

  /**
   * Makes the sweep abort handshakes that have asked for a key, as nothing can tell which key they
   * have.
   */
  void includeHandshakes() {
    withHandshakes = true;
  }

  boolean includesHandshakes() {
    return withHandshakes;
  }

  /** Completes with the number of sessions that were ended, or with why the store failed. */
  CompletableFuture<Integer> result() {
    return result;
  }

  /** Returns how many times the store failed for a session, which then went on. */
  int passedOver() {
    return passedOver.get();
  }

  /** Returns how the store failed last; null if it never did. */
  RuntimeException failure() {
    return failure;
  }

  @Override
  boolean ends(Principal peer) {
    if (!(peer instanceof PreSharedKeyIdentity) || result.isDone()) {
      return false;
    }
    try {
      SessionVerdict verdict = SessionVerdict.of(peer, credentials);
      judged = true;
      failuresInARow.set(0);
      return verdict == SessionVerdict.RETIRED;
    } catch (RuntimeException e) {
      failed(e);
      return false; // nothing is ended that the store was not asked for
    }
  }

  private void failed(RuntimeException e) {
    failure = e;
    passedOver.incrementAndGet();
    if (failuresInARow.incrementAndGet() == MAX_FAILURES_IN_A_ROW) {
      result.completeExceptionally(e);
    }
  }

  @Override
  boolean aborts(Handshaker handshaker) {
    return withHandshakes && !result.isDone() && Handshakes.hasAskedAny(handshaker);
  }

  @Override
  void ended() {
    ended.incrementAndGet();
  }

  @Override
  void finished() {
    RuntimeException last = failure;
    if (last != null && !judged) {
      result.completeExceptionally(last);
    }
    result.complete(ended.get());
  }
}
