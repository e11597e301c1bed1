package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.CredentialStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/**
 * A DTLS connector whose sessions end when their credential is replaced or removed.
 *
 * <p>A retired credential's sessions are dropped within moments; handshakes that have already asked
 * for its key are aborted, so that none of them leaves a session behind. As the session of a new
 * key with the same PSK identity looks the same, one that was made in those moments is dropped too,
 * and the device connects again. No session is resumed whose PSK identity the store has no longer.
 *
 * <p>That holds from {@link #start()} to {@link #destroy()}, even while the connector is stopped in
 * between. Sessions in a {@link org.eclipse.californium.scandium.dtls.SessionStore} outlive their
 * connections: where a key is replaced under the same identity, they are not found.
 */
public final class PskServerConnector extends DTLSConnector {
  private final CredentialStore credentials;
  private final SessionTerminator terminator;
  private final AtomicBoolean listening = new AtomicBoolean();

  /**
   * Makes a connector.
   *
   * @param config such as {@link LwM2mDtls#server} describes, with a {@link ScandiumPskStore} over
   *     the same credentials
   * @param credentials whose retirement ends sessions; listened to until {@link #destroy()}
   */
  public PskServerConnector(DtlsConnectorConfig config, CredentialStore credentials) {
    this(config, credentials, new PskConnections(config, credentials));
  }

  private PskServerConnector(
      DtlsConnectorConfig config, CredentialStore credentials, PskConnections connections) {
    super(config, connections);
    this.credentials = credentials;
    this.terminator = connections.terminator();
  }

  @Override
  protected void start(InetSocketAddress bindAddress) throws IOException {
    if (listening.compareAndSet(false, true)) {
      credentials.addListener(terminator);
    }
    super.start(bindAddress);
  }

  @Override
  public void destroy() {
    super.destroy();
    if (listening.compareAndSet(true, false)) {
      credentials.removeListener(terminator);
    }
  }
}
