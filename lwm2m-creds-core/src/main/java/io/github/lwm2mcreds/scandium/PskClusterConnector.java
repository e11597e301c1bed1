// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.PskLookup;
import io.github.lwm2mcreds.store.internal.Addresses;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DtlsClusterConnector;
import org.eclipse.californium.scandium.config.DtlsClusterConnectorConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/**
 * A node of a cluster of DTLS servers behind one address, whose sessions end when their credential
 * is replaced or removed, as those of a {@link PskServerConnector} do. A record that comes to the
 * wrong node is forwarded to the one that its connection id names, and the answer goes back the
 * same way.
 *
 * <p>Each node follows the same credentials, and ends the sessions that it holds itself. With a
 * {@linkplain PskSessions#keptIn file} for its sessions, a node can be restarted while the others
 * serve new devices: what its own devices send meanwhile is dropped wherever it arrives, without an
 * answer that would end a session, and they send it again.
 *
 * <p>A device without connection ids is known by its address alone, to the one node that it made
 * its handshake with.
 */
@SuppressWarnings("this-escape") // to Scandium's setter, as Scandium's own constructor does
public class PskClusterConnector extends DtlsClusterConnector {
  private final PskSessions sessions;
  private final ClusterNode node;

  /**
   * Makes a node.
   *
   * @param config such as {@link LwM2mDtls#server} describes, with a {@link ScandiumPskStore} over
   *     the same credentials; the node's number is {@linkplain ClusterNode#addTo added}
   * @param node its number, and where the others are
   * @param credentials whose retirement ends sessions; listened to until {@link #destroy()}
   * @throws IllegalArgumentException if the connection ids of the configuration are another node's
   */
  public PskClusterConnector(DtlsConnectorConfig config, ClusterNode node, PskLookup credentials) {
    this(PskSessions.of(completed(config, node), credentials), node);
  }

  /**
   * Makes a node that also reports refused handshakes to its caller.
   *
   * @param config as above; its connection listener is called besides
   * @param node as above
   * @param credentials as above
   * @param onRefusal called on DTLS threads and one other, so it must return soon
   * @throws IllegalArgumentException if the connection ids of the configuration are another node's
   */
  public PskClusterConnector(
      DtlsConnectorConfig config,
      ClusterNode node,
      PskLookup credentials,
      Consumer<HandshakeRefusal> onRefusal) {
    this(PskSessions.of(completed(config, node), credentials, onRefusal), node);
  }

  /**
   * Makes a node with sessions that have settings of their own.
   *
   * @param sessions for this connector alone, of a configuration to which the node was {@linkplain
   *     ClusterNode#addTo added}
   * @param node as above
   * @throws IllegalArgumentException if it was not
   */
  public PskClusterConnector(PskSessions sessions, ClusterNode node) {
    super(
        sessions.config(),
        DtlsClusterConnectorConfig.builder().setAddress(node.address()).build(),
        sessions.connections(),
        true);
    node.requireOwn(sessions.config().getConnectionIdGenerator());
    this.sessions = sessions;
    this.node = node;
    setAlertHandler(sessions.alertHandler());
    sessions.onManyGone(() -> cleanupRecentHandshakes(0)); // all of them
    setClusterNodesProvider(node.nodes());
  }

  private static DtlsConnectorConfig completed(DtlsConnectorConfig config, ClusterNode node) {
    return node.addTo(DtlsConnectorConfig.builder(config)).build();
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
    if (node.mac().isEmpty() && !isRunning()) {
      ScandiumEvents.notAuthenticated(node);
    }
    sessions.start(this, bindAddress, () -> super.start(bindAddress));
  }

  /** {@inheritDoc} If one of its two ports cannot be had, it frees the other one. */
  @Override
  protected void init(InetSocketAddress bindAddress, DatagramSocket socket, Integer mtu)
      throws IOException {
    DatagramSocket before = clusterInternalSocket;
    try {
      super.init(bindAddress, socket, mtu);
    } catch (IOException e) {
      socket.close();
      if (clusterInternalSocket == before) { // it could not be opened
        throw new IOException(
            "the cluster address "
                + Addresses.text(node.address())
                + " cannot be used: "
                + e.getMessage(),
            e);
      }
      clusterInternalSocket.close();
      throw e;
    }
  }

  @Override
  protected void receiveNextDatagramFromNetwork(DatagramPacket packet) throws IOException {
    sessions.receive(() -> super.receiveNextDatagramFromNetwork(packet));
  }

  /** {@inheritDoc} Scandium puts the header of a forwarded datagram in the same array. */
  @Override
  protected void processDatagram(DatagramPacket packet, InetSocketAddress router) {
    int needed = packet.getLength() + MAX_DATAGRAM_OFFSET;
    if (needed > packet.getData().length) {
      int from = packet.getOffset();
      packet.setData(
          Arrays.copyOfRange(packet.getData(), from, from + needed), 0, packet.getLength());
    }
    super.processDatagram(packet, router);
  }

  @Override
  protected int getClusterMacLength() {
    return node.mac().isPresent() ? ClusterMac.LENGTH : 0;
  }

  @Override
  protected void sendDatagramToClusterNetwork(DatagramPacket packet) throws IOException {
    node.mac().ifPresent(mac -> mac.addTo(packet));
    counts().sentInCluster.increment();
    super.sendDatagramToClusterNetwork(packet);
  }

  /** {@inheritDoc} One that no node of this cluster has sent is dropped. */
  @Override
  protected void processDatagramFromClusterNetwork(Byte type, DatagramPacket packet)
      throws IOException {
    boolean isOurs = node.mac().map(mac -> mac.verifies(packet)).orElse(true);
    if (isOurs) {
      sessions.receive(() -> super.processDatagramFromClusterNetwork(type, packet));
    } else {
      counts().forged.increment();
      ScandiumEvents.forged((InetSocketAddress) packet.getSocketAddress());
    }
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
