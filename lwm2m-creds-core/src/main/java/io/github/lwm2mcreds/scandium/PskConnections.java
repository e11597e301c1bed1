package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.PskLookup;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.InMemoryConnectionStore;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.util.SecretUtil;

/** The connections of a server; a session is resumed only while its credential is good. */
final class PskConnections extends InMemoryConnectionStore {
  private final PskLookup credentials;
  private final SessionTerminator terminator = new SessionTerminator(this);

  /** As {@code DTLSConnector.createConnectionStore} makes it. */
  PskConnections(DtlsConnectorConfig config, PskLookup credentials) {
    super(
        config.get(DtlsConfig.DTLS_MAX_CONNECTIONS),
        config.get(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, TimeUnit.SECONDS),
        config.getSessionStore(),
        config.get(DtlsConfig.DTLS_REMOVE_STALE_DOUBLE_PRINCIPALS));
    setTag(config.getLoggingTag());
    this.credentials = Objects.requireNonNull(credentials, "credentials");
  }

  SessionTerminator terminator() {
    return terminator;
  }

  /** Finds a session that a peer wants to resume; if there is none, it makes a full handshake. */
  @Override
  public DTLSSession find(SessionId id) {
    DTLSSession session = super.find(id);
    if (session != null
        && session.getPeerIdentity() instanceof PreSharedKeyIdentity psk
        && (terminator.isEnding(psk.getIdentity()) || !hasCredential(psk.getIdentity()))) {
      SecretUtil.destroy(session);
      return null;
    }
    return session;
  }

  private boolean hasCredential(String identity) {
    return credentials.findEndpoint(PskIdentity.of(identity)).isPresent();
  }
}
