// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.PskLookup;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.security.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.dtls.ConnectionStore;
import org.eclipse.californium.scandium.dtls.Handshaker;

/**
 * Ends the sessions of retired credentials, and the handshakes that have already asked for their
 * keys.
 *
 * <p>A pass goes through all connections for the credentials retired since the previous pass; a
 * {@linkplain SessionSweeps sweep}, which no pass waits for, compares all of them with the store.
 * Whether a connection has to end is decided in its serial execution, between two steps of its
 * handshake; other connections are only looked at. A pass may miss connections that are made after
 * it has begun. These ask a store that no longer has the credential, and {@link PskConnections}
 * does not let them resume a session that {@linkplain #isEnding is ending}.
 */
final class SessionTerminator implements CredentialStoreListener {
  private final ConnectionStore connections;

  /** The PSK identities, as sessions carry them, for which no pass has begun. */
  private final Set<String> waiting = new HashSet<>();

  private final List<RetiredPass> unfinished = new CopyOnWriteArrayList<>();

  private final Executor passes = IdleThread.named("lwm2m-creds session terminator");
  private final SessionSweeps sweeps;
  private final ConnectionPass.Totals totals =
      new ConnectionPass.Totals(ScandiumEvents.Ended.RETIRED);

  SessionTerminator(ConnectionStore connections, PskLookup credentials) {
    this.connections = connections;
    this.sweeps = new SessionSweeps(connections, credentials);
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
    sweeps.sweep(true);
  }

  SessionSweeps sweeps() {
    return sweeps;
  }

  /** What was ended for a retirement; {@linkplain #sweeps sweeps} have totals of their own. */
  ConnectionPass.Totals totals() {
    return totals;
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
      super(connections, totals);
      this.retired = retired;
    }

    @Override
    boolean ends(Principal peer) {
      // It has another form while it is saved.
      return SessionCredential.restored(peer) instanceof PreSharedKeyIdentity psk
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
