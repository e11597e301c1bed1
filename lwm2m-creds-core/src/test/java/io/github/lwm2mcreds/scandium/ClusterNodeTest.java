// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.MultiNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.NodeConnectionIdGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterNodeTest {
  private static final byte[] KEY = HexFormat.of().parseHex("c0ffee".repeat(8));
  private static final Map<Integer, InetSocketAddress> NODES = Map.of(1, at(5001), 2, at(5002));

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static DtlsConnectorConfig.Builder config() {
    return LwM2mDtls.server(at(0), new ScandiumPskStore(new InMemoryCredentialStore()));
  }

  @Test
  void of_fixedNodes_knowsItsAddressAndTheOthers() {
    ClusterNode node = ClusterNode.of(2, NODES, KEY);

    assertThat(node.id()).isEqualTo(2);
    assertThat(node.address()).isEqualTo(at(5002));
    assertThat(node.nodes().getClusterNode(1)).isEqualTo(at(5001));
    assertThat(node.nodes().getClusterNode(3)).isNull();
    assertThat(node.nodes().available(at(5001))).isTrue();
    assertThat(node.nodes().available(at(5003))).isFalse();
  }

  @Test
  void toString_hasNoKeyAndTellsWhatIsUnsafe() {
    assertThat(ClusterNode.of(1, NODES, KEY)).hasToString("node 1 at localhost/127.0.0.1:5001");
    assertThat(ClusterNode.unauthenticated(1, NODES).toString()).endsWith(", not authenticated");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256})
  void of_numberThatIsNoByte_isRefused(int id) {
    Map<Integer, InetSocketAddress> nodes = Map.of(id, at(5001));
    Map<Integer, InetSocketAddress> other = Map.of(1, at(5001), id, at(5002));

    assertThatThrownBy(() -> ClusterNode.of(id, nodes, KEY))
        .hasMessage("a node's number must be 0 to 255: " + id);
    assertThatThrownBy(() -> ClusterNode.of(1, other, KEY))
        .hasMessage("a node's number must be 0 to 255: " + id);
  }

  @Test
  void of_nodesWithoutThisOne_isRefused() {
    assertThatThrownBy(() -> ClusterNode.of(3, NODES, KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not include this one, 3");
  }

  @Test
  void of_twoNodesAtOneAddress_isRefused() {
    Map<Integer, InetSocketAddress> nodes = Map.of(1, at(5001), 2, at(5001));

    assertThatThrownBy(() -> ClusterNode.of(1, nodes, KEY))
        .hasMessageContaining("two nodes have the same address");
  }

  @Test
  void of_hostThatIsNotResolved_isRefused() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("node-2.invalid", 5002);
    Map<Integer, InetSocketAddress> nodes = Map.of(1, at(5001), 2, nowhere);

    assertThatThrownBy(() -> ClusterNode.of(1, nodes, KEY))
        .hasMessage("the host node-2.invalid cannot be resolved");
  }

  @Test
  void of_shortKey_isRefused() {
    assertThatThrownBy(() -> ClusterNode.of(1, NODES, new byte[15]))
        .hasMessage("a cluster's key needs 16 bytes or more; it has 15");
  }

  @Test
  void addTo_configurationOfAServer_putsTheNumberInItsConnectionIds() {
    NodeConnectionIdGenerator ids =
        (NodeConnectionIdGenerator)
            ClusterNode.of(2, NODES, KEY).addTo(config()).build().getConnectionIdGenerator();

    assertThat(ids.getNodeId(ids.createConnectionId())).isEqualTo(2);
    assertThat(ids.createConnectionId().length()).isEqualTo(6);
  }

  @Test
  void addTo_connectionIdsOfANode_keepsItsOwnAndRefusesAnothers() {
    MultiNodeConnectionIdGenerator own = new MultiNodeConnectionIdGenerator(2, 4);
    DtlsConnectorConfig.Builder config = config().setConnectionIdGenerator(own);

    ClusterNode.of(2, NODES, KEY).addTo(config);
    assertThat(config.build().getConnectionIdGenerator()).isSameAs(own);
    assertThatThrownBy(() -> ClusterNode.of(1, NODES, KEY).addTo(config))
        .hasMessage("the connection ids are those of node 2, and this is 1");
  }

  @Test
  void connector_withSessionsToWhichNoNodeWasAdded_isRefused() {
    PskSessions sessions = PskSessions.of(config().build(), new InMemoryCredentialStore());
    ClusterNode node = ClusterNode.of(1, NODES, KEY);

    assertThatThrownBy(() -> new PskClusterConnector(sessions, node))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
