// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.scandium.ScandiumEvents.Ended;
import io.github.lwm2mcreds.store.PskLookup;
import java.io.IOException;
import java.io.OutputStream;
import java.security.Principal;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.InMemoryConnectionStore;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.util.SecretUtil;

/**
 * The connections of a server. Each session knows the credential it was made with; it is resumed,
 * and restored after it was saved, only while that is in the store.
 */
final class PskConnections extends InMemoryConnectionStore {
  private final PskLookup credentials;
  private final SessionTerminator terminator;
  private final ServerCounts counts;

  /** Whether sessions to resume come from a store, where others may have put them. */
  private final boolean stored;

  /** As {@code DTLSConnector.createConnectionStore} makes it. */
  PskConnections(
      DtlsConnectorConfig config, PskLookup credentials, HandshakeRefusalListener refusals) {
    super(
        config.get(DtlsConfig.DTLS_MAX_CONNECTIONS),
        config.get(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, TimeUnit.SECONDS),
        TaggedSessionStore.of(config.getSessionStore()),
        config.get(DtlsConfig.DTLS_REMOVE_STALE_DOUBLE_PRINCIPALS));
    setTag(config.getLoggingTag());
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.stored = config.getSessionStore() != null;
    this.terminator = new SessionTerminator(this, credentials);
    this.counts = new ServerCounts(this, ScandiumPskStore.lookups(config.getPskStore()), refusals);
  }

  SessionTerminator terminator() {
    return terminator;
  }

  ServerCounts counts() {
    return counts;
  }

  int size() {
    return connections.size();
  }

  /** {@inheritDoc} Whoever is turned away for want of room is logged, as Scandium does not. */
  @Override
  public boolean put(Connection connection) {
    boolean added = super.put(connection);
    if (!added && connection != null) {
      counts.turnedAway.increment();
      ScandiumEvents.turnedAway(connection.getPeerAddress(), connections.getCapacity());
    }
    return added;
  }

  /** Finds a session that a peer wants to resume; if there is none, it makes a full handshake. */
  @Override
  public DTLSSession find(SessionId id) {
    DTLSSession session = super.find(id);
    if (session != null && !mayBeResumed(session.getPeerIdentity())) {
      SecretUtil.destroy(session);
      return null;
    }
    return session;
  }

  /** Only a session that does not say its credential may be resumed if the store cannot tell. */
  private boolean mayBeResumed(Principal peer) {
    if (peer instanceof PreSharedKeyIdentity psk && terminator.isEnding(psk.getIdentity())) {
      return false;
    }
    Principal known = stored ? SessionCredential.restored(peer) : peer;
    try {
      SessionVerdict verdict = SessionVerdict.ofNewcomer(known, credentials);
      return verdict == SessionVerdict.GOOD
          || verdict == SessionVerdict.UNKNOWN && SessionCredential.checkValue(known).isEmpty();
    } catch (RuntimeException e) {
      return false; // a full handshake asks the store again
    }
  }

  /** A session that was resumed has the principal under which it was stored. */
  @Override
  public void putEstablishedSession(Connection connection) {
    Principal peer = connection.getEstablishedPeerIdentity();
    if (SessionCredential.isPortable(peer)) {
      connection.setEstablishedPeerIdentity(SessionCredential.restored(peer));
    }
    partFromOtherKeys(connection);
    countHandshake(connection);
    super.putEstablishedSession(connection);
  }

  /** A session that was loaded has had none. */
  private void countHandshake(Connection connection) {
    Handshaker handshaker = connection.getOngoingHandshake();
    if (handshaker != null) {
      (handshaker.isFullHandshake() ? counts.full : counts.resumed).increment();
    }
  }

  /**
   * Where principals are unique, Scandium gives the newest to the connection before, too. One of
   * another key must keep its own, or no sweep would end it.
   */
  private void partFromOtherKeys(Connection connection) {
    Principal peer = connection.getEstablishedPeerIdentity();
    if (connectionsByPrincipal == null || peer == null) {
      return;
    }
    Connection previous = connectionsByPrincipal.get(peer);
    if (previous != null && !isOfSameKey(previous, peer)) {
      previous.setDouble();
      connectionsByPrincipal.remove(peer, previous);
    }
  }

  private static boolean isOfSameKey(Connection connection, Principal peer) {
    return SessionCredential.checkValue(connection.getEstablishedPeerIdentity())
        .equals(SessionCredential.checkValue(peer));
  }

  /** {@inheritDoc} What is written is not encrypted, and holds the keys of sessions. */
  @Override
  public int saveConnections(OutputStream out, long maxQuietPeriodInSeconds) throws IOException {
    Map<Connection, Principal> peers = new IdentityHashMap<>();
    for (Connection connection : this) {
      Principal peer = connection.getEstablishedPeerIdentity();
      if (peer instanceof PreSharedKeyIdentity) {
        peers.put(connection, peer);
        connection.setEstablishedPeerIdentity(SessionCredential.portable(peer));
      }
    }
    try {
      return super.saveConnections(out, maxQuietPeriodInSeconds);
    } finally {
      peers.forEach(PskConnections::putBack); // they are used on if writing failed
    }
  }

  private static void putBack(Connection connection, Principal peer) {
    if (connection.hasEstablishedDtlsContext()) {
      connection.setEstablishedPeerIdentity(peer);
    }
  }

  /** {@inheritDoc} A session of a credential that is not in the store is left out. */
  @Override
  public boolean restore(Connection connection) {
    Principal peer = SessionCredential.restored(connection.getEstablishedPeerIdentity());
    if (peer != null) {
      connection.setEstablishedPeerIdentity(peer);
    }
    if (isRetired(peer)) {
      ScandiumEvents.ended(Ended.NOT_LOADED, connection);
      SecretUtil.destroy(connection.getEstablishedDtlsContext());
      return false;
    }
    return super.restore(connection);
  }

  private boolean isRetired(Principal peer) {
    try {
      return SessionVerdict.of(peer, credentials) == SessionVerdict.RETIRED;
    } catch (RuntimeException e) {
      terminator.sweeps().sweepLater(false);
      return false; // not known: looked at again once the store can be asked
    }
  }
}
