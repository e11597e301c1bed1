// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.PskLookup;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ConnectionStore;

/**
 * A DTLS connector whose sessions end when their credential is replaced or removed.
 *
 * <p>A retired credential's sessions are dropped within moments; handshakes that have already asked
 * for its key are aborted, so that none of them leaves a session behind. A session that was made in
 * those moments is dropped too, and the device connects again. This holds from {@link #start()} to
 * {@link #destroy()}, even while the connector is stopped in between.
 *
 * <p>What the connector hears of only makes it faster: each session carries the check value of the
 * key it was made with, which a {@link ScandiumPskStore} hands over, also when it is {@linkplain
 * #save saved} or put into a {@link org.eclipse.californium.scandium.dtls.SessionStore}. A session
 * is resumed only if its key is still that of its identity, and so it is with {@link #load loaded}
 * ones. All sessions are {@linkplain #sweep compared} with the credentials when the connector
 * starts, when changes may have been missed, and every ten minutes. One whose key is in the store
 * but does not open goes on, but is not resumed. Sessions that do not know their credential, as
 * they were saved by another connector, are not loaded. An {@link
 * org.eclipse.californium.scandium.auth.ApplicationLevelInfoSupplier} of the configuration adds to
 * what sessions carry.
 *
 * <p>Handshakes that are refused, connections that end for want of room, sessions that are ended or
 * cannot be compared, and keys whose lookup fails are logged, each at most ten times a minute and
 * with a count of the rest; see the <a
 * href="https://github.com/lwm2m-creds/lwm2m-creds/blob/main/lwm2m-creds-core/EVENTS.md">list of
 * events</a>.
 *
 * <p>Where there are many sessions, those that were not used for a minute are kept in a compact
 * form, which takes half of the memory, and are made anew when a record arrives, something is sent,
 * or {@link #startForEach} comes to them. Whoever gets a {@link
 * org.eclipse.californium.scandium.dtls.Connection} must therefore use it at once and not keep it:
 * later it may be without a session. Sessions stay as they are if the configuration has a
 * connection listener that may keep them or count them: any but a {@link HandshakeRefusalListener}
 * or an {@link org.eclipse.californium.scandium.MdcConnectionListener}.
 *
 * <p>A datagram is handled on the thread that received it; there are {@link
 * DtlsConfig#DTLS_RECEIVER_THREAD_COUNT} of these. Waking another thread for each step of a
 * handshake would take more CPU time than the handshake. {@link
 * DtlsConfig#DTLS_CONNECTOR_THREAD_COUNT} is for timers. Whatever the connector calls, above all a
 * receiver of raw data, must therefore not block: other peers would wait, too, and what it sends
 * leaves only once it has returned. A CoAP endpoint's receiver hands over to a thread of its own.
 * What any other thread sends is encrypted and sent on that thread, which also calls the message's
 * callbacks, unless the peer's connection is busy at that moment. An executor that is set is not
 * used.
 *
 * <p>{@link PskClusterConnector} is its like for a cluster, and {@link PskSessions} does the same
 * for a connector of another class.
 */
@SuppressWarnings("this-escape") // to Scandium's setter, as Scandium's own constructor does
public class PskServerConnector extends DTLSConnector {
  private final PskSessions sessions;

  /**
   * Makes a connector.
   *
   * @param config such as {@link LwM2mDtls#server} describes, with a {@link ScandiumPskStore} over
   *     the same credentials
   * @param credentials whose retirement ends sessions; listened to until {@link #destroy()}
   */
  public PskServerConnector(DtlsConnectorConfig config, PskLookup credentials) {
    this(PskSessions.of(config, credentials));
  }

  /**
   * Makes a connector that also reports refused handshakes to its caller.
   *
   * @param config as above; its connection listener is called besides
   * @param credentials as above
   * @param onRefusal called on DTLS threads and one other, so it must return soon. A handshake
   *     without a common cipher suite is reported until another {@linkplain #setAlertHandler alert
   *     handler} is set
   */
  public PskServerConnector(
      DtlsConnectorConfig config, PskLookup credentials, Consumer<HandshakeRefusal> onRefusal) {
    this(PskSessions.of(config, credentials, onRefusal));
  }

  /**
   * Makes a connector with sessions that have settings of their own.
   *
   * @param sessions for this connector alone
   */
  public PskServerConnector(PskSessions sessions) {
    super(sessions.config(), sessions.connections());
    this.sessions = sessions;
    setAlertHandler(sessions.alertHandler());
    sessions.onManyGone(() -> cleanupRecentHandshakes(0)); // all of them
  }

  /**
   * Compares all sessions with the credentials, and ends those whose credential is gone or has
   * another key; see {@link PskSessions#sweep}.
   *
   * @return completes with the number of sessions that were ended; fails if the credentials cannot
   *     be looked up several times in a row, and then nothing more is ended, a warning is logged,
   *     and it is tried again later
   */
  public CompletableFuture<Integer> sweep() {
    return sessions.sweep();
  }

  /**
   * Returns what this server counts.
   *
   * @return the same object at each call
   */
  public ServerCounts counts() {
    return sessions.counts();
  }

  ConnectionStore connections() {
    return sessions.connections();
  }

  @Override
  protected void start(InetSocketAddress bindAddress) throws IOException {
    sessions.start(this, bindAddress, () -> super.start(bindAddress));
  }

  @Override
  protected void receiveNextDatagramFromNetwork(DatagramPacket packet) throws IOException {
    sessions.receive(() -> super.receiveNextDatagramFromNetwork(packet));
  }

  @Override
  public void send(RawData message) {
    sessions.send(() -> super.send(message));
  }

  /** {@inheritDoc} Only the idle connections of such principals are woken for it. */
  @Override
  public Future<Void> startTerminateConnectionsForPrincipal(
      Predicate<Principal> principalHandler, boolean removeFromSessionCache) {
    return sessions.waking(
        principalHandler,
        () ->
            super.startTerminateConnectionsForPrincipal(principalHandler, removeFromSessionCache));
  }

  @Override
  public void stop() {
    super.stop();
    sessions.stopped(this);
  }

  @Override
  public void destroy() {
    super.destroy();
    sessions.destroyed();
  }
}
