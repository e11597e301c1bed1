package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionStore;
import org.eclipse.californium.scandium.dtls.DtlsException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;

/**
 * Ends the sessions of retired credentials, and the handshakes that have already asked for their
 * keys.
 *
 * <p>A pass goes through all connections for the credentials retired since the previous pass.
 * Whether a connection has to end is decided in its serial execution, between two steps of its
 * handshake; other connections are only looked at. A pass may miss connections that are made after
 * it has begun. These ask a store that no longer has the credential, and {@link PskConnections}
 * does not let them resume a session that {@linkplain #isEnding is ending}.
 */
final class SessionTerminator implements CredentialStoreListener {
  private final ConnectionStore connections;

  /** The PSK identities, as sessions carry them, for which no pass has begun. */
  private final Set<String> waiting = new HashSet<>();

  private final List<Pass> unfinished = new CopyOnWriteArrayList<>();

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

  SessionTerminator(ConnectionStore connections) {
    this.connections = connections;
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
    Pass pass;
    synchronized (waiting) {
      pass = new Pass(Set.copyOf(waiting));
      unfinished.add(pass);
      waiting.clear();
    }
    pass.run();
  }

  private final class Pass {
    final Set<String> retired;

    /** Counts the pass itself, and the connections that it has begun to end. */
    private final AtomicInteger open = new AtomicInteger(1);

    Pass(Set<String> retired) {
      this.retired = retired;
    }

    void run() {
      try {
        for (Connection connection : connections) {
          // In this order: a handshake is ongoing until its session is established.
          if (connection.hasOngoingHandshake() || retired.contains(sessionIdentity(connection))) {
            endInTurn(connection);
          }
        }
      } finally {
        close();
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
        if (retired.contains(sessionIdentity(connection))) {
          connections.remove(connection, true);
        }
      } else if (handshaker != null && hasAsked(handshaker, retired)) {
        // Not by removing the connection, which first executes waiting tasks, such as a Finished.
        handshaker.handshakeFailed(new DtlsException("the credential was retired"));
      }
    }

    private void close() {
      if (open.decrementAndGet() == 0) {
        unfinished.remove(this);
      }
    }
  }

  /** Returns the PSK identity of an established session; empty, which no identity is, if none. */
  private static String sessionIdentity(Connection connection) {
    return connection.getEstablishedPeerIdentity() instanceof PreSharedKeyIdentity psk
        ? psk.getIdentity()
        : "";
  }

  /**
   * Returns whether a handshake has or waits for the key of an identity, or resumes its session.
   */
  private static boolean hasAsked(Handshaker handshaker, Set<String> retired) {
    if (handshaker.getPeerIdentity() instanceof PreSharedKeyIdentity psk) {
      return retired.contains(psk.getIdentity());
    }
    if (handshaker instanceof ServerHandshaker server) {
      PskPublicInformation asked = server.getPreSharedKeyIdentity();
      return asked != null && retired.contains(asked.getPublicInfoAsString());
    }
    return handshaker.isPskRequestPending(); // it does not report for which key
  }
}
