// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.californium.scandium.DtlsClusterConnector.ClusterNodesProvider;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.MultiNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.NodeConnectionIdGenerator;

/**
 * One of several servers behind one address. Its number is in the connection ids that it gives, so
 * that whichever server a device's record reaches can forward it to the one that has the session.
 *
 * <pre>{@code
 * Map<Integer, InetSocketAddress> nodes =
 *     Map.of(
 *         1, new InetSocketAddress("10.0.0.1", 5685),
 *         2, new InetSocketAddress("10.0.0.2", 5685));
 * ClusterNode node = ClusterNode.of(1, nodes, key);
 * }</pre>
 *
 * <p>What the servers send each other carries a MAC of their common key: HMAC-SHA-256, of which 8
 * bytes are sent, over the device's address and the whole record. Without it, whoever reaches a
 * server's cluster address could have it send anything to anybody, and begin handshakes in the name
 * of any address. The records themselves are encrypted by DTLS.
 */
public final class ClusterNode {
  /** The highest number of a server: it has one byte of a connection id. */
  public static final int MAX_ID = 255;

  private static final int MIN_KEY = 16;

  private final int id;
  private final InetSocketAddress address;
  private final ClusterNodesProvider nodes;
  private final Optional<ClusterMac> mac;

  private ClusterNode(
      int id, InetSocketAddress address, ClusterNodesProvider nodes, Optional<ClusterMac> mac) {
    if (id < 0 || id > MAX_ID) {
      throw new IllegalArgumentException("a node's number must be 0 to " + MAX_ID + ": " + id);
    }
    this.id = id;
    this.address = resolved(address);
    this.nodes = Objects.requireNonNull(nodes, "nodes");
    this.mac = mac;
  }

  /**
   * Describes a node of a cluster whose nodes have fixed addresses.
   *
   * @param id its number, {@code 0} to {@value #MAX_ID}, unique in the cluster and the same after
   *     each restart
   * @param nodes where each node, this one included, is reached by the others; not where devices
   *     reach it
   * @param key of the whole cluster, at least 16 bytes; copied
   * @return the node
   */
  public static ClusterNode of(int id, Map<Integer, InetSocketAddress> nodes, byte[] key) {
    return new ClusterNode(id, own(id, nodes), new FixedNodes(nodes), Optional.of(mac(key)));
  }

  /**
   * Describes a node of a cluster whose nodes may move.
   *
   * @param id its number, as above
   * @param address where the others reach it
   * @param nodes asked for each record that is forwarded or sent back, on a DTLS thread, so it must
   *     answer from memory
   * @param key of the whole cluster, as above
   * @return the node
   */
  public static ClusterNode of(
      int id, InetSocketAddress address, ClusterNodesProvider nodes, byte[] key) {
    return new ClusterNode(id, address, nodes, Optional.of(mac(key)));
  }

  /**
   * Describes a node that believes whoever reaches its cluster address. Unsafe unless only the
   * nodes can send to it, as in a network of their own: see above. Each start logs a warning.
   *
   * @param id its number, as above
   * @param address where the others reach it
   * @param nodes as above
   * @return the node
   */
  public static ClusterNode unauthenticated(
      int id, InetSocketAddress address, ClusterNodesProvider nodes) {
    return new ClusterNode(id, address, nodes, Optional.empty());
  }

  /**
   * Describes a node that believes whoever reaches its cluster address, in a cluster whose nodes
   * have fixed addresses. Unsafe, see above.
   *
   * @param id its number, as above
   * @param nodes where each node, this one included, is reached by the others
   * @return the node
   */
  public static ClusterNode unauthenticated(int id, Map<Integer, InetSocketAddress> nodes) {
    return new ClusterNode(id, own(id, nodes), new FixedNodes(nodes), Optional.empty());
  }

  private static InetSocketAddress own(int id, Map<Integer, InetSocketAddress> nodes) {
    InetSocketAddress own = nodes.get(id);
    if (own == null) {
      throw new IllegalArgumentException(
          "the nodes " + nodes.keySet() + " do not include this one, " + id);
    }
    return own;
  }

  private static ClusterMac mac(byte[] key) {
    if (key.length < MIN_KEY) {
      throw new IllegalArgumentException(
          "a cluster's key needs " + MIN_KEY + " bytes or more; it has " + key.length);
    }
    return new ClusterMac(key);
  }

  private static InetSocketAddress resolved(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "the host " + address.getHostString() + " cannot be resolved");
    }
    return address;
  }

  /**
   * Puts the node's number in the connection ids of a configuration.
   *
   * @param config changed in place; if it has a generator of connection ids for a node, that is
   *     kept
   * @return the same
   * @throws IllegalArgumentException if that generator is another node's
   */
  public DtlsConnectorConfig.Builder addTo(DtlsConnectorConfig.Builder config) {
    ConnectionIdGenerator set = config.getIncompleteConfig().getConnectionIdGenerator();
    if (!(set instanceof NodeConnectionIdGenerator)) {
      return config.setConnectionIdGenerator(
          new MultiNodeConnectionIdGenerator(id, LwM2mDtls.SERVER_CONNECTION_ID_LENGTH));
    }
    requireOwn(set);
    return config;
  }

  void requireOwn(ConnectionIdGenerator generator) {
    if (!(generator instanceof NodeConnectionIdGenerator ofNode)) {
      throw new IllegalArgumentException(
          "the connection ids have no node in them: see ClusterNode.addTo");
    }
    if (ofNode.getNodeId() != id) {
      throw new IllegalArgumentException(
          "the connection ids are those of node " + ofNode.getNodeId() + ", and this is " + id);
    }
  }

  /**
   * Returns the node's number.
   *
   * @return 0 to {@value #MAX_ID}
   */
  public int id() {
    return id;
  }

  /**
   * Returns where the other nodes reach it.
   *
   * @return the address of a UDP socket
   */
  public InetSocketAddress address() {
    return address;
  }

  ClusterNodesProvider nodes() {
    return nodes;
  }

  Optional<ClusterMac> mac() {
    return mac;
  }

  @Override
  public String toString() {
    return "node " + id + " at " + address + (mac.isEmpty() ? ", not authenticated" : "");
  }

  private static final class FixedNodes implements ClusterNodesProvider {
    private final Map<Integer, InetSocketAddress> addresses;

    FixedNodes(Map<Integer, InetSocketAddress> nodes) {
      nodes
          .keySet()
          .forEach(
              id -> {
                if (id < 0 || id > MAX_ID) {
                  throw new IllegalArgumentException(
                      "a node's number must be 0 to " + MAX_ID + ": " + id);
                }
              });
      nodes.values().forEach(ClusterNode::resolved);
      if (new HashSet<>(nodes.values()).size() < nodes.size()) {
        throw new IllegalArgumentException("two nodes have the same address: " + nodes);
      }
      addresses = Map.copyOf(nodes);
    }

    @Override
    public InetSocketAddress getClusterNode(int nodeId) {
      return addresses.get(nodeId);
    }

    @Override
    public boolean available(InetSocketAddress destination) {
      return addresses.containsValue(destination);
    }
  }
}
