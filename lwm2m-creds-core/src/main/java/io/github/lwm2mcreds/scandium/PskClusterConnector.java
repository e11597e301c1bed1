// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.PskLookup;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DtlsClusterConnector;
import org.eclipse.californium.scandium.config.DtlsClusterConnectorConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.NodeConnectionIdGenerator;

/**
 * A node of a cluster of DTLS servers behind one address, whose sessions end when their credential
 * is replaced or removed, as those of a {@link PskServerConnector} do. A record that comes to the
 * wrong node is forwarded to the one that its connection id names.
 *
 * <p>Each node follows the same credentials, and ends the sessions that it holds itself.
 */
@SuppressWarnings("this-escape") // to Scandium's setter, as Scandium's own constructor does
public class PskClusterConnector extends DtlsClusterConnector {
  private final PskSessions sessions;

  /**
   * Makes a node.
   *
   * @param config such as {@link LwM2mDtls#server} describes, with a {@link ScandiumPskStore} over
   *     the same credentials and a {@link NodeConnectionIdGenerator}
   * @param cluster how this node reaches the others
   * @param nodes where the others are
   * @param credentials whose retirement ends sessions; listened to until {@link #destroy()}
   * @throws IllegalArgumentException if there is no {@link NodeConnectionIdGenerator}
   */
  public PskClusterConnector(
      DtlsConnectorConfig config,
      DtlsClusterConnectorConfig cluster,
      ClusterNodesProvider nodes,
      PskLookup credentials) {
    this(PskSessions.of(config, credentials), cluster, nodes);
  }

  /**
   * Makes a node that also reports refused handshakes to its caller.
   *
   * @param config as above; its connection listener is called besides
   * @param cluster how this node reaches the others
   * @param nodes where the others are
   * @param credentials as above
   * @param onRefusal called on DTLS threads and one other, so it must return soon
   * @throws IllegalArgumentException if there is no {@link NodeConnectionIdGenerator}
   */
  public PskClusterConnector(
      DtlsConnectorConfig config,
      DtlsClusterConnectorConfig cluster,
      ClusterNodesProvider nodes,
      PskLookup credentials,
      Consumer<HandshakeRefusal> onRefusal) {
    this(PskSessions.of(config, credentials, onRefusal), cluster, nodes);
  }

  /**
   * Makes a node with sessions that have settings of their own.
   *
   * @param sessions for this connector alone
   * @param cluster as above
   * @param nodes as above
   * @throws IllegalArgumentException if there is no {@link NodeConnectionIdGenerator}
   */
  public PskClusterConnector(
      PskSessions sessions, DtlsClusterConnectorConfig cluster, ClusterNodesProvider nodes) {
    super(sessions.config(), cluster, sessions.connections(), true);
    this.sessions = sessions;
    setAlertHandler(sessions.alertHandler());
    sessions.onManyGone(() -> cleanupRecentHandshakes(0)); // all of them
    setClusterNodesProvider(nodes);
  }

  /**
   * Returns what this server counts.
   *
   * @return the same object at each call
   */
  public ServerCounts counts() {
    return sessions.counts();
  }

  /**
   * Compares all sessions of this node with the credentials, and ends those whose credential is
   * gone or has another key; see {@link PskSessions#sweep}.
   *
   * @return completes with the number of sessions that were ended
   */
  public CompletableFuture<Integer> sweep() {
    return sessions.sweep();
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
  protected void processDatagramFromClusterNetwork(Byte type, DatagramPacket packet)
      throws IOException {
    sessions.receive(() -> super.processDatagramFromClusterNetwork(type, packet));
  }

  @Override
  public void send(RawData message) {
    sessions.send(() -> super.send(message));
  }

  @Override
  public void stop() {
    if (clusterInternalSocket != null) { // else it was never started, and Scandium's own fails
      super.stop();
    }
    sessions.stopped(this);
  }

  @Override
  public void destroy() {
    super.destroy();
    sessions.destroyed();
  }
}
