// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PskServerConnectorTest {
  private static final int DEVICES = 12;
  private static final int HANDSHAKES = 25;

  private final CredentialStore store = new InMemoryCredentialStore();
  private final List<DTLSConnector> connectors = new ArrayList<>();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  @AfterEach
  void destroyConnectors() {
    connectors.forEach(DTLSConnector::destroy);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "1, false", "4, true", "4, false"})
  void handshakes_manyAtATime_allSucceedOnReceivingThreads(int receivers, boolean helloVerify)
      throws Exception {
    DTLSConnector server = server(receivers, helloVerify);
    CountDownLatch echoes = new CountDownLatch(DEVICES * HANDSHAKES);
    for (int i = 0; i < DEVICES; i++) {
      startDevice(i, server, echoes);
    }

    assertThat(echoes.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(threads).isNotEmpty().allMatch(name -> name.startsWith("DTLS-Receiver-"));
  }

  /** Begins a handshake with each echo of the one before. */
  private void startDevice(int number, DTLSConnector server, CountDownLatch echoes)
      throws IOException {
    DTLSConnector device = device(number);
    MapBasedEndpointContext fullHandshake =
        new MapBasedEndpointContext(
            server.getAddress(),
            null,
            new Attributes()
                .add(
                    DtlsEndpointContext.KEY_HANDSHAKE_MODE,
                    DtlsEndpointContext.HANDSHAKE_MODE_FORCE_FULL));
    RawData message = RawData.outbound(new byte[] {1}, fullHandshake, null, false);
    device.setRawDataReceiver(
        echo -> {
          echoes.countDown();
          device.send(message);
        });
    device.start();
    device.send(message);
  }

  private DTLSConnector device(int number) {
    DeviceCredential credential =
        Loopback.credential("device-" + number, "device-" + number, number);
    store.put(credential);
    DTLSConnector device =
        new DTLSConnector(LwM2mDtls.device(credential).setAddress(anyPort()).build());
    connectors.add(device);
    return device;
  }

  /** While the peer's datagram is still handled, the thread that handles it sends, too. */
  @Test
  void send_byAnyThreadWhenNothingElseIsDoneForThePeer_isDoneOnThatThread() throws Exception {
    CompletableFuture<EndpointContext> peer = new CompletableFuture<>();
    DTLSConnector server = connector(1, true);
    server.setRawDataReceiver(received -> peer.complete(received.getEndpointContext()));
    server.start();
    DTLSConnector device = device(1);
    device.setRawDataReceiver(received -> {});
    device.start();
    device.send(
        RawData.outbound(
            new byte[] {1}, new AddressEndpointContext(server.getAddress()), null, false));
    EndpointContext session = peer.get(60, TimeUnit.SECONDS);

    Awaitility.await()
        .until(
            () -> {
              AtomicReference<Thread> sender = new AtomicReference<>();
              OnSent sent = new OnSent(() -> sender.set(Thread.currentThread()));
              server.send(RawData.outbound(new byte[] {1}, session, sent, false));
              return sender.get() == Thread.currentThread();
            });
  }

  private DTLSConnector connector(int receivers, boolean helloVerify) {
    DTLSConnector server =
        new PskServerConnector(
            LwM2mDtls.server(anyPort(), new ScandiumPskStore(store))
                .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, receivers)
                .set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, helloVerify)
                .build(),
            store);
    connectors.add(server);
    return server;
  }

  private DTLSConnector server(int receivers, boolean helloVerify) throws IOException {
    DTLSConnector server = connector(receivers, helloVerify);
    server.setRawDataReceiver(
        received -> {
          threads.add(Thread.currentThread().getName());
          server.send(
              RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false));
        });
    server.start();
    return server;
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Test
  void start_portInUse_leavesNoThreads() throws IOException {
    try (DatagramSocket taken = new DatagramSocket(anyPort())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      PskServerConnector server =
          new PskServerConnector(
              LwM2mDtls.server(address, new ScandiumPskStore(store)).build(), store);
      connectors.add(server);
      Set<Thread> before = Thread.getAllStackTraces().keySet();

      assertThatThrownBy(server::start).isInstanceOf(IOException.class);
      awaitNoThreadsBut(before);
    }
  }

  @Test
  void destroy_leavesNoThreads() throws IOException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    DTLSConnector server = server(2, true);
    assertThat(Thread.getAllStackTraces().keySet()).hasSizeGreaterThan(before.size());

    server.destroy();

    awaitNoThreadsBut(before);
  }

  private static void awaitNoThreadsBut(Set<Thread> before) {
    Awaitility.await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("DTLS-"))
                    .allMatch(before::contains));
  }
}
