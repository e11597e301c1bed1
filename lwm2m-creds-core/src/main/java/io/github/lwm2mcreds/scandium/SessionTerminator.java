package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.PskLookup;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionStore;
import org.eclipse.californium.scandium.dtls.Handshaker;

/**
 * Ends the sessions of retired credentials, and the handshakes that have already asked for their
 * keys.
 *
 * <p>A pass goes through all connections for the credentials retired since the previous pass; a
 * sweep compares all of them with the store. Whether a connection has to end is decided in its
 * serial execution, between two steps of its handshake; other connections are only looked at. A
 * pass may miss connections that are made after it has begun. These ask a store that no longer has
 * the credential, and {@link PskConnections} does not let them resume a session that {@linkplain
 * #isEnding is ending}.
 */
final class SessionTerminator implements CredentialStoreListener {
  private final ConnectionStore connections;
  private final PskLookup credentials;

  /** The PSK identities, as sessions carry them, for which no pass has begun. */
  private final Set<String> waiting = new HashSet<>();

  private final List<RetiredPass> unfinished = new CopyOnWriteArrayList<>();

  /** Whether a sweep is to be made soon. */
  private volatile boolean sweepDue;

  /** One thread, which ends after a second without work, so nobody has to stop it. */
  private final ThreadPoolExecutor passes =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          pass -> {
            Thread thread = new Thread(pass, "lwm2m-creds session terminator");
            thread.setDaemon(true);
            return thread;
          });

  SessionTerminator(ConnectionStore connections, PskLookup credentials) {
    this.connections = connections;
    this.credentials = credentials;
    passes.allowCoreThreadTimeOut(true);
  }

  @Override
  public void credentialRetired(RetiredCredential retired) {
    synchronized (waiting) {
      if (waiting.isEmpty()) {
        passes.execute(this::pass);
      }
      waiting.add(retired.pskIdentity().asString());
    }
  }

  /** Handshakes under way may have a key from before, too, so they begin anew. */
  @Override
  public void changesMissed() {
    sweep(true);
  }

  /** Compares all sessions with the store; completes with how many were ended. */
  CompletableFuture<Integer> sweep() {
    return sweep(false);
  }

  private CompletableFuture<Integer> sweep(boolean withHandshakes) {
    sweepDue = false;
    SessionSweep sweep = new SessionSweep(connections, credentials, withHandshakes);
    passes.execute(sweep::run);
    return sweep
        .result()
        .whenComplete(
            (ended, failure) -> {
              if (failure != null) {
                sweepLater();
              }
            });
  }

  /** Asks for a sweep when {@link #sweepIfDue} is called next. */
  void sweepLater() {
    sweepDue = true;
  }

  /** Makes the sweep that was asked for, or that failed for want of the store. */
  void sweepIfDue() {
    if (sweepDue) {
      sweep(true);
    }
  }

  /** Returns whether an identity may still have sessions of a retired credential. */
  boolean isEnding(String identity) {
    synchronized (waiting) {
      if (waiting.contains(identity)) {
        return true;
      }
    }
    return unfinished.stream().anyMatch(pass -> pass.retired.contains(identity));
  }

  private void pass() {
    RetiredPass pass;
    synchronized (waiting) {
      pass = new RetiredPass(connections, Set.copyOf(waiting));
      unfinished.add(pass);
      waiting.clear();
    }
    pass.run();
  }

  /** Ends the sessions and handshakes of some identities. */
  private final class RetiredPass extends ConnectionPass {
    final Set<String> retired;

    RetiredPass(ConnectionStore connections, Set<String> retired) {
      super(connections);
      this.retired = retired;
    }

    @Override
    boolean ends(Connection connection) {
      return connection.getEstablishedPeerIdentity() instanceof PreSharedKeyIdentity psk
          && retired.contains(psk.getIdentity());
    }

    @Override
    boolean aborts(Handshaker handshaker) {
      return Handshakes.hasAsked(handshaker, retired);
    }

    @Override
    void finished() {
      unfinished.remove(this);
    }
  }
}
