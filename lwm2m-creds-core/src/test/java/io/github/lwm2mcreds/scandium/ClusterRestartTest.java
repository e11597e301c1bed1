// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.DtlsClusterConnector;
import org.eclipse.californium.scandium.DtlsClusterConnector.ClusterNodesProvider;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes with a file of sessions each, one of which is restarted while the other runs. */
class ClusterRestartTest {
  private static final byte[] KEY = new byte[32];

  private final LoggedEvents logged = new LoggedEvents();
  private final SqliteStores stores = new SqliteStores();
  private final JdbcCredentialStore store =
      stores.opened(stores.describe(stores.newFile()).create());
  private final List<DTLSConnector> connectors = new ArrayList<>();
  private final Map<Integer, InetSocketAddress> clusterAddresses = new ConcurrentHashMap<>();
  private final BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
  private PskClusterConnector first;
  private PskClusterConnector second;
  private Relay relay;
  private DTLSConnector device;

  @BeforeEach
  void connectADeviceToTheFirst() throws IOException {
    store.put(credential("a", "a", 1));
    first = start(node(1, file(1), anyPort()));
    second = start(node(2, file(2), anyPort()));
    relay = new Relay(first.getAddress());
    device = device(0);
    assertThat(echo("first")).isEqualTo("first");
  }

  @AfterEach
  void close() {
    connectors.forEach(DTLSConnector::destroy);
    relay.close();
    stores.close();
    logged.close();
  }

  private Path file(int id) {
    return stores.folder().resolve("sessions-" + id);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private PskClusterConnector node(int id, Path file, InetSocketAddress address) {
    return node(ClusterNode.of(id, anyPort(), new Nodes(), KEY), file, address);
  }

  private PskClusterConnector node(ClusterNode node, Path file, InetSocketAddress address) {
    DtlsConnectorConfig.Builder config =
        LwM2mDtls.server(address, new ScandiumPskStore(store))
            .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
    PskSessions sessions =
        PskSessions.of(node.addTo(config).build(), store)
            .keptIn(SessionFile.of(file, store).snapshotsEvery(Duration.ZERO));
    return new PskClusterConnector(sessions, node);
  }

  private PskClusterConnector start(PskClusterConnector node) throws IOException {
    connectors.add(node);
    node.setRawDataReceiver(
        received ->
            node.send(
                RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false)));
    node.start();
    clusterAddresses.put(node.getNodeID(), node.getClusterInternalAddress());
    return node;
  }

  /** A device with connection ids of a length, or null for one without them. */
  private DTLSConnector device(Integer connectionIdLength) throws IOException {
    DTLSConnector made =
        new DTLSConnector(
            LwM2mDtls.device(credential("a", "a", 1))
                .setAddress(anyPort())
                .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, connectionIdLength)
                .build());
    connectors.add(made);
    made.setRawDataReceiver(received -> echoes.add(new String(received.getBytes(), UTF_8)));
    made.start();
    return made;
  }

  private void send(String text) {
    device.send(
        RawData.outbound(
            text.getBytes(UTF_8), new AddressEndpointContext(relay.address()), null, false));
  }

  private String echo(String text) {
    send(text);
    return await().until(echoes::poll, answer -> answer != null);
  }

  private void restartFirst(Path file) throws IOException {
    InetSocketAddress address = first.getAddress();
    first.destroy();
    first = start(node(1, file, address));
  }

  private void awaitSentBySecond(int datagrams) {
    await().until(() -> second.counts().sentInCluster() == datagrams);
  }

  @Test
  void restart_whileADevicesRecordsReachTheOther_endsNoSession() throws IOException {
    int hellos = relay.clientHellos();
    int answers = relay.answers();
    InetSocketAddress address = first.getAddress();
    first.destroy();
    relay.forwardTo(second.getAddress());

    send("lost");
    awaitSentBySecond(1);
    first = start(node(1, file(1), address));
    assertThat(echo("again")).isEqualTo("again");

    assertThat(relay.answers()).as("no alert before the answer").isEqualTo(answers + 1);
    assertThat(relay.clientHellos()).isEqualTo(hellos);
    assertThat(first.counts().sessionsLoaded()).isOne();
    assertThat(second.counts().connections()).isZero();
  }

  @Test
  void restart_ofTheNodeThatADeviceIsReachedThrough_endsNoSession() throws IOException {
    relay.forwardTo(second.getAddress());
    assertThat(echo("through the second")).isEqualTo("through the second");
    int hellos = relay.clientHellos();
    InetSocketAddress address = second.getAddress();
    second.destroy();
    second = start(node(2, file(2), address));

    assertThat(echo("again")).isEqualTo("again");
    assertThat(relay.clientHellos()).isEqualTo(hellos);
  }

  @Test
  void restart_afterItsCredentialWasRemoved_leavesNoSession() throws IOException {
    relay.forwardTo(second.getAddress());
    InetSocketAddress address = first.getAddress();
    first.destroy();
    store.remove("a");
    first = start(node(1, file(1), address));

    assertThat(first.counts().connections()).isZero();
    assertThat(first.counts().sessionsNotLoaded()).isOne();
    assertThat(second.counts().connections()).isZero();
  }

  @Test
  void load_ofAnotherNodesFile_isRefusedAndKeptAside() throws IOException {
    InetSocketAddress address = first.getAddress();
    first.destroy();
    second.destroy();
    first = start(node(1, file(2), address));

    assertThat(logged.of(Event.SESSIONS_NOT_LOADED))
        .singleElement()
        .asString()
        .contains(
            "reason=other-node",
            "kept=" + file(2) + ".refused",
            "node 2 saved it, and this is node 1: each needs a file of its own");
    assertThat(first.counts().refusedSessionFiles()).isOne();
    first.destroy();
    Files.move(Path.of(file(2) + ".refused"), file(2), StandardCopyOption.REPLACE_EXISTING);
    second = start(node(2, file(2), anyPort()));
    assertThat(second.counts().refusedSessionFiles()).as("its own still loads").isZero();
  }

  @Test
  void load_ofAServerWithoutANumber_isRefused() throws IOException {
    Path single = stores.folder().resolve("single");
    DtlsConnectorConfig config = LwM2mDtls.server(anyPort(), new ScandiumPskStore(store)).build();
    PskServerConnector server =
        new PskServerConnector(
            PskSessions.of(config, store)
                .keptIn(SessionFile.of(single, store).snapshotsEvery(Duration.ZERO)));
    server.start();
    server.destroy();

    restartFirst(single);

    assertThat(logged.of(Event.SESSIONS_NOT_LOADED))
        .singleElement()
        .asString()
        .contains("a server without a node's number saved it, and this is node 1");
  }

  @Test
  void deviceWithoutConnectionIds_isKnownToItsNodeOnly_andOverARestart() throws IOException {
    device = device(null);
    assertThat(echo("by its address")).isEqualTo("by its address");
    int hellos = relay.clientHellos();
    int answers = relay.answers();

    relay.forwardTo(second.getAddress());
    send("to the wrong node");
    restartFirst(file(1));
    relay.forwardTo(first.getAddress());

    assertThat(echo("again")).isEqualTo("again");
    assertThat(relay.answers()).isEqualTo(answers + 1);
    assertThat(relay.clientHellos()).isEqualTo(hellos);
  }

  /** Scandium's form: to be sent to the address that it names, here without a right MAC. */
  private static byte[] toBeSentTo(InetSocketAddress victim, int macLength) {
    byte[] data = new byte[8 + macLength + 40];
    data[0] = DtlsClusterConnector.RECORD_TYPE_OUTGOING;
    data[1] = (byte) victim.getPort();
    data[2] = (byte) (victim.getPort() >> 8);
    data[3] = 4;
    System.arraycopy(victim.getAddress().getAddress(), 0, data, 4, 4);
    return data;
  }

  @Test
  void datagram_thatNoNodeHasSent_isNotPassedOn() throws IOException {
    PskClusterConnector open =
        start(node(ClusterNode.unauthenticated(3, anyPort(), new Nodes()), file(3), anyPort()));
    assertThat(logged.of(Event.CLUSTER_NOT_AUTHENTICATED))
        .singleElement()
        .asString()
        .isEqualTo("WARNING cluster-not-authenticated node=3 address=localhost:0");
    try (DatagramSocket attacker = new DatagramSocket(anyPort());
        DatagramSocket victim = new DatagramSocket(anyPort())) {
      InetSocketAddress victimAddress = (InetSocketAddress) victim.getLocalSocketAddress();
      byte[] forged = toBeSentTo(victimAddress, ClusterMac.LENGTH);
      attacker.send(new DatagramPacket(forged, forged.length, first.getClusterInternalAddress()));
      await().until(() -> first.counts().refusedClusterDatagrams() == 1);
      byte[] believed = toBeSentTo(victimAddress, 0);
      attacker.send(
          new DatagramPacket(believed, believed.length, open.getClusterInternalAddress()));

      DatagramPacket received = new DatagramPacket(new byte[100], 100);
      victim.receive(received);
      assertThat(received.getPort())
          .as("the first is silent")
          .isEqualTo(open.getAddress().getPort());
    }
    assertThat(logged.of(Event.CLUSTER_DATAGRAM_REFUSED)).hasSize(1);
  }

  @Test
  void node_withAnotherKey_isNotBelieved() throws IOException {
    byte[] other = new byte[32];
    other[0] = 1;
    second.destroy();
    second = start(node(ClusterNode.of(2, anyPort(), new Nodes(), other), file(2), anyPort()));
    relay.forwardTo(second.getAddress());

    send("not passed on");
    await().until(() -> first.counts().refusedClusterDatagrams() == 1);

    relay.forwardTo(first.getAddress());
    assertThat(echo("straight")).isEqualTo("straight");
  }

  @Test
  void start_clusterAddressInUse_failsNamingIt() throws IOException {
    try (DatagramSocket taken = new DatagramSocket(anyPort())) {
      InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
      InetSocketAddress coaps = first.getAddress();
      first.destroy();
      PskClusterConnector third =
          node(ClusterNode.of(3, address, new Nodes(), KEY), file(3), coaps);

      assertThatThrownBy(third::start)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("the cluster address ")
          .hasMessageContaining(":" + address.getPort() + " cannot be used: ");
      first = start(node(1, file(1), coaps));
    }
    assertThat(echo("goes on")).isEqualTo("goes on");
  }

  @Test
  void start_devicesPortInUse_freesTheClusterAddress() throws IOException {
    InetSocketAddress cluster = first.getClusterInternalAddress();
    first.destroy();
    PskClusterConnector third =
        node(ClusterNode.of(3, cluster, new Nodes(), KEY), file(3), second.getAddress());

    assertThatThrownBy(third::start)
        .isInstanceOf(IOException.class)
        .message()
        .doesNotContain("cluster");
    try (DatagramSocket free = new DatagramSocket(cluster)) {
      assertThat(free.getLocalPort()).isEqualTo(cluster.getPort());
    }
  }

  private final class Nodes implements ClusterNodesProvider {
    @Override
    public InetSocketAddress getClusterNode(int nodeId) {
      return clusterAddresses.get(nodeId);
    }

    @Override
    public boolean available(InetSocketAddress destination) {
      return clusterAddresses.containsValue(destination);
    }
  }
}
