package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.PskLookup;
import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionStore;
import org.eclipse.californium.scandium.dtls.Handshaker;

/** Ends the sessions whose credential is not in the store, whatever was heard of it. */
final class SessionSweep extends ConnectionPass {
  private final PskLookup credentials;
  private final boolean withHandshakes;
  private final AtomicInteger ended = new AtomicInteger();
  private final CompletableFuture<Integer> result = new CompletableFuture<>();

  /**
   * Makes a sweep.
   *
   * @param withHandshakes whether handshakes that have asked for a key are aborted, as nothing can
   *     tell which key they have
   */
  SessionSweep(ConnectionStore connections, PskLookup credentials, boolean withHandshakes) {
    super(connections);
    this.credentials = credentials;
    this.withHandshakes = withHandshakes;
  }

  /** Completes with the number of sessions that were ended, or with why the store failed. */
  CompletableFuture<Integer> result() {
    return result;
  }

  @Override
  boolean ends(Connection connection) {
    Principal peer = connection.getEstablishedPeerIdentity();
    if (peer == null || result.isDone()) {
      return false;
    }
    try {
      return SessionVerdict.of(peer, credentials) == SessionVerdict.RETIRED;
    } catch (RuntimeException e) {
      result.completeExceptionally(e); // nothing is ended that the store was not asked for
      return false;
    }
  }

  @Override
  boolean aborts(Handshaker handshaker) {
    return withHandshakes && Handshakes.hasAskedAny(handshaker);
  }

  @Override
  void ended() {
    ended.incrementAndGet();
  }

  @Override
  void finished() {
    result.complete(ended.get());
  }
}
