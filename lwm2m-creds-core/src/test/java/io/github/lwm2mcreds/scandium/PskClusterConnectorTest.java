// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.PskLookup;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.DtlsClusterConnector;
import org.eclipse.californium.scandium.DtlsClusterConnector.ClusterNodesProvider;
import org.eclipse.californium.scandium.DtlsManagedClusterConnector;
import org.eclipse.californium.scandium.config.DtlsClusterConnectorConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.MultiNodeConnectionIdGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PskClusterConnectorTest {
  private static final byte[] KEY = new byte[32];
  private static final Duration LONG = Duration.ofSeconds(20);

  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private final DeviceCredential credential = Loopback.credential("d0", "d0", 1);
  private final List<DTLSConnector> connectors = new ArrayList<>();
  private final Map<Integer, DtlsClusterConnector> nodes = new ConcurrentHashMap<>();
  private volatile String servedOn;
  private final BlockingQueue<Integer> servedBy = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> echoes = new LinkedBlockingQueue<>();

  @AfterEach
  void destroyConnectors() {
    connectors.forEach(DTLSConnector::destroy);
  }

  @Test
  void deviceThatComesToAnotherNode_keepsItsSession_untilItsCredentialIsRemoved() throws Exception {
    store.put(credential);
    DtlsClusterConnector first = start(1, clusterNode(1));
    DtlsClusterConnector second = start(2, clusterNode(2));
    try (Relay relay = new Relay(first.getAddress())) {
      DTLSConnector device = device();
      assertThat(nodeThatAnswers(device, relay)).isEqualTo(1);

      relay.forwardTo(second.getAddress());
      assertThat(nodeThatAnswers(device, relay)).isEqualTo(1);
      assertThat(servedOn).as("not handed over").doesNotContain("DTLS-Worker");
      assertThat(sessions(second)).isZero();

      store.remove("d0");
      await().atMost(LONG).until(() -> sessions(first) == 0);
    }
  }

  @Test
  void sweep_ofANode_endsSessionsWhoseKeyIsAnother() throws Exception {
    SilentStore silent = new SilentStore();
    silent.inner.put(credential);
    PskClusterConnector node =
        new PskClusterConnector(
            config(1, silent), ClusterNode.of(1, anyPort(), new Nodes(), KEY), silent);
    start(1, node);
    try (Relay relay = new Relay(node.getAddress())) {
      assertThat(nodeThatAnswers(device(), relay)).isEqualTo(1);

      assertThat(node.sweep().get(20, TimeUnit.SECONDS)).isZero();
      silent.inner.put(Loopback.credential("d0", "d0", 2));
      assertThat(node.sweep().get(20, TimeUnit.SECONDS)).isOne();
    }
  }

  @Test
  void connectorOfAnotherClass_withPskSessions_endsSessionsToo() throws Exception {
    store.put(credential);
    DtlsClusterConnector node =
        start(1, new Managed(PskSessions.of(config(1), store), internal().setClusterMac(false)));
    try (Relay relay = new Relay(node.getAddress())) {
      DTLSConnector device = device();
      assertThat(nodeThatAnswers(device, relay)).isEqualTo(1);

      store.remove("d0");
      await().atMost(LONG).until(() -> sessions(node) == 0);
    }
  }

  @Test
  void destroy_connectorOfAnotherClassThatWasNeverStarted_doesNothing() {
    new Managed(PskSessions.of(config(1), store), internal().setClusterMac(false)).destroy();
  }

  @Test
  void destroy_neverStarted_doesNothing() {
    PskClusterConnector node = clusterNode(1);

    node.stop();
    node.destroy();
  }

  @Test
  void start_portInUse_failsAndCanBeTriedAgain() throws IOException {
    PskClusterConnector node;
    try (DatagramSocket taken = new DatagramSocket(anyPort())) {
      DtlsConnectorConfig config =
          DtlsConnectorConfig.builder(config(1))
              .setAddress((InetSocketAddress) taken.getLocalSocketAddress())
              .build();
      node = new PskClusterConnector(config, ClusterNode.of(1, anyPort(), new Nodes(), KEY), store);
      connectors.add(node);
      assertThatThrownBy(node::start).isInstanceOf(IOException.class);
    }

    node.start();
    assertThat(node.isRunning()).isTrue();
  }

  private PskClusterConnector clusterNode(int id) {
    return new PskClusterConnector(
        config(id), ClusterNode.of(id, anyPort(), new Nodes(), KEY), store);
  }

  private DtlsConnectorConfig config(int node) {
    return config(node, store);
  }

  private static DtlsConnectorConfig config(int node, PskLookup credentials) {
    return LwM2mDtls.server(anyPort(), new ScandiumPskStore(credentials))
        .setConnectionIdGenerator(new MultiNodeConnectionIdGenerator(node, 6))
        .build();
  }

  private static DtlsClusterConnectorConfig.Builder internal() {
    return DtlsClusterConnectorConfig.builder().setAddress(anyPort());
  }

  private DtlsClusterConnector start(int id, DtlsClusterConnector node) throws IOException {
    connectors.add(node);
    nodes.put(id, node);
    node.setRawDataReceiver(
        received -> {
          servedOn = Thread.currentThread().getName();
          servedBy.add(id);
          node.send(
              RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false));
        });
    node.start();
    return node;
  }

  private DTLSConnector device() throws IOException {
    DTLSConnector device =
        new DTLSConnector(LwM2mDtls.device(credential).setAddress(anyPort()).build());
    connectors.add(device);
    device.setRawDataReceiver(echo -> echoes.add(1));
    device.start();
    return device;
  }

  private Integer nodeThatAnswers(DTLSConnector device, Relay relay) throws InterruptedException {
    device.send(
        RawData.outbound(new byte[] {1}, new AddressEndpointContext(relay.address()), null, false));
    assertThat(echoes.poll(20, TimeUnit.SECONDS)).isNotNull();
    return servedBy.poll(20, TimeUnit.SECONDS);
  }

  private static int sessions(DTLSConnector node) throws Exception {
    AtomicInteger sessions = new AtomicInteger();
    node.startForEach(
            connection -> {
              if (connection.getEstablishedPeerIdentity() != null) {
                sessions.incrementAndGet();
              }
              return false;
            })
        .get(20, TimeUnit.SECONDS);
    return sessions.get();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private final class Nodes implements ClusterNodesProvider {
    @Override
    public InetSocketAddress getClusterNode(int nodeId) {
      DtlsClusterConnector node = nodes.get(nodeId);
      return node == null ? null : node.getClusterInternalAddress();
    }

    @Override
    public boolean available(InetSocketAddress destination) {
      return true;
    }
  }

  /** As the documentation of {@link PskSessions} has it. */
  private static final class Managed extends DtlsManagedClusterConnector {
    private final PskSessions sessions;

    Managed(PskSessions sessions, DtlsClusterConnectorConfig.Builder cluster) {
      super(sessions.config(), cluster.build(), sessions.connections());
      this.sessions = sessions;
      setAlertHandler(sessions.alertHandler());
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
}
