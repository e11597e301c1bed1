package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/** A DTLS server that echoes, and devices that talk to it over the loopback interface. */
final class Loopback implements AutoCloseable {
  /** One message to the server and back, as either side sees its session. */
  record Echo(String text, EndpointContext device, EndpointContext server) {}

  final List<HandshakeRefusal> refusals = new CopyOnWriteArrayList<>();
  private final List<EndpointContext> served = new CopyOnWriteArrayList<>();
  private final List<DTLSConnector> connectors = new ArrayList<>();
  private final DTLSConnector server;

  Loopback(CredentialStore store) {
    HandshakeRefusalListener listener = new HandshakeRefusalListener(store, refusals::add);
    server =
        new DTLSConnector(
            LwM2mDtls.server(loopbackAddress(), new ScandiumPskStore(store))
                .setConnectionListener(listener)
                // what a server sends then depends on the device alone, and not on time
                .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 50, TimeUnit.SECONDS)
                .build());
    server.setAlertHandler(listener);
    server.setRawDataReceiver(
        received -> {
          served.add(received.getEndpointContext());
          server.send(
              RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false));
        });
    start(server);
  }

  private static InetSocketAddress loopbackAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void start(DTLSConnector connector) {
    connectors.add(connector);
    try {
      connector.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DeviceCredential credential(String endpoint, String identity, int key) {
    return credential(endpoint, PskIdentity.of(identity), key);
  }

  static DeviceCredential credential(String endpoint, PskIdentity identity, int key) {
    return DeviceCredential.of(endpoint, identity, key(key));
  }

  static PreSharedKey key(int number) {
    return PreSharedKey.ofHex(String.format("c0ffee%026x", number).getBytes(UTF_8));
  }

  /** A device that gives up soon, for handshakes that fail. */
  static DtlsConnectorConfig.Builder impatientDevice(DeviceCredential credential) {
    return LwM2mDtls.device(credential)
        .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 1, TimeUnit.SECONDS)
        .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT_SCALE, 1F)
        .set(DtlsConfig.DTLS_RETRANSMISSION_INIT_RANDOM, 1F)
        .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 1);
  }

  /** Sends a message and waits for its echo; fails with what the device's connector reports. */
  CompletableFuture<Echo> echo(DtlsConnectorConfig.Builder device, String text) {
    DTLSConnector connector = new DTLSConnector(device.setAddress(loopbackAddress()).build());
    CompletableFuture<Echo> echo = new CompletableFuture<>();
    connector.setRawDataReceiver(
        received ->
            echo.complete(
                new Echo(
                    new String(received.getBytes(), UTF_8),
                    received.getEndpointContext(),
                    served.get(served.size() - 1))));
    start(connector);
    connector.send(
        RawData.outbound(
            text.getBytes(UTF_8),
            new AddressEndpointContext(server.getAddress()),
            new FailWith(echo),
            false));
    return echo.orTimeout(20, TimeUnit.SECONDS);
  }

  Echo echoOf(DtlsConnectorConfig.Builder device) {
    return echo(device, "hello").join();
  }

  @Override
  public void close() {
    connectors.forEach(DTLSConnector::destroy);
  }

  private record FailWith(CompletableFuture<?> future) implements MessageCallback {
    @Override
    public void onError(Throwable error) {
      future.completeExceptionally(error);
    }

    @Override
    public void onConnecting() {
      // the echo tells
    }

    @Override
    public void onDtlsRetransmission(int flight) {
      // the echo tells
    }

    @Override
    public void onContextEstablished(EndpointContext context) {
      // the echo tells
    }

    @Override
    public void onSent() {
      // the echo tells
    }
  }
}
