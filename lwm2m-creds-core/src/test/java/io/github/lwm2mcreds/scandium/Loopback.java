// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.PskLookup;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;

/** A DTLS server that echoes, and devices that talk to it over the loopback interface. */
final class Loopback implements AutoCloseable {
  /** One message to the server and back, as either side sees its session. */
  record Echo(String text, EndpointContext device, EndpointContext server) {}

  /** As good as that for a test. */
  static final Duration NEVER = Duration.ofDays(1);

  final List<HandshakeRefusal> refusals = new CopyOnWriteArrayList<>();
  private final List<EndpointContext> served = new CopyOnWriteArrayList<>();
  private final List<DTLSConnector> connectors = new ArrayList<>();
  private final PskLookup store;
  private final Consumer<DtlsConnectorConfig.Builder> customizer;
  private final UnaryOperator<ConnectionLimits> limits;
  private final Duration sweepInterval;
  private final Duration retryInterval;
  private final UnaryOperator<PskSessions> keeping;
  private final LongSupplier nanoTime;
  private PskServerConnector server;
  private PskSessions sessions;
  private final InetSocketAddress address;

  Loopback(PskLookup store) {
    this(store, config -> {});
  }

  Loopback(PskLookup store, Consumer<DtlsConnectorConfig.Builder> customizer) {
    this(store, customizer, UnaryOperator.identity(), System::nanoTime);
  }

  /** A server that slows down peers as a clock tells. */
  Loopback(
      PskLookup store,
      Consumer<DtlsConnectorConfig.Builder> customizer,
      UnaryOperator<ConnectionLimits> limits,
      LongSupplier nanoTime) {
    this(store, customizer, limits, NEVER, NEVER, UnaryOperator.identity(), nanoTime);
  }

  /** A server that keeps its sessions in a file. */
  static Loopback keeping(PskLookup store, SessionFile file) {
    return keeping(store, file, config -> {});
  }

  static Loopback keeping(
      PskLookup store, SessionFile file, Consumer<DtlsConnectorConfig.Builder> customizer) {
    return keeping(store, file, customizer, UnaryOperator.identity());
  }

  static Loopback keeping(
      PskLookup store,
      SessionFile file,
      Consumer<DtlsConnectorConfig.Builder> customizer,
      UnaryOperator<ConnectionLimits> limits) {
    return new Loopback(
        store,
        customizer,
        limits,
        NEVER,
        NEVER,
        sessions -> sessions.keptIn(file),
        System::nanoTime);
  }

  static Loopback limited(PskLookup store, UnaryOperator<ConnectionLimits> limits) {
    return new Loopback(store, config -> {}, limits, System::nanoTime);
  }

  /** A server that sweeps by itself. */
  Loopback(
      PskLookup store,
      Consumer<DtlsConnectorConfig.Builder> customizer,
      Duration sweepInterval,
      Duration retryInterval) {
    this(
        store,
        customizer,
        UnaryOperator.identity(),
        sweepInterval,
        retryInterval,
        UnaryOperator.identity(),
        System::nanoTime);
  }

  private Loopback(
      PskLookup store,
      Consumer<DtlsConnectorConfig.Builder> customizer,
      UnaryOperator<ConnectionLimits> limits,
      Duration sweepInterval,
      Duration retryInterval,
      UnaryOperator<PskSessions> keeping,
      LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
    this.keeping = keeping;
    this.customizer = customizer;
    this.limits = limits;
    this.sweepInterval = sweepInterval;
    this.retryInterval = retryInterval;
    server = newServer(loopbackAddress());
    start(server);
    address = server.getAddress(); // a connector that was stopped forgets it
  }

  private PskServerConnector newServer(InetSocketAddress listening) {
    HandshakeRefusalListener listener = new HandshakeRefusalListener(store, refusals::add);
    DtlsConnectorConfig.Builder config =
        LwM2mDtls.server(listening, new ScandiumPskStore(store))
            .setConnectionListener(listener)
            // one handshake that holds it up would hold up all
            .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
            .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1)
            // what a server sends then depends on the device alone, and not on time
            .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 50, TimeUnit.SECONDS);
    customizer.accept(config);
    sessions =
        keeping.apply(
            new PskSessions(
                config.build(),
                store,
                refusal -> {},
                limits.apply(ConnectionLimits.of(config.build())),
                sweepInterval,
                retryInterval,
                nanoTime));
    PskServerConnector made = new PskServerConnector(sessions);
    made.setAlertHandler(listener);
    made.setRawDataReceiver(
        received -> {
          served.add(received.getEndpointContext());
          made.send(
              RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false));
        });
    return made;
  }

  FailedHandshakes failed() {
    return sessions.failed();
  }

  PskServerConnector server() {
    return server;
  }

  InetSocketAddress address() {
    return address;
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
    return new Device(device).echo(text);
  }

  Echo echoOf(DtlsConnectorConfig.Builder device) {
    return echo(device, "hello").join();
  }

  /** The PSK identities of the sessions that the server has now. */
  List<String> sessions() {
    List<String> identities = new CopyOnWriteArrayList<>();
    forEach(
        connection -> {
          if (connection.getEstablishedPeerIdentity() != null) {
            identities.add(connection.getEstablishedPeerIdentity().getName());
          }
        });
    return identities;
  }

  /** How many connections the server has, with a session or in a handshake. */
  int connections() {
    AtomicInteger count = new AtomicInteger();
    forEach(connection -> count.incrementAndGet());
    return count.get();
  }

  /** How many messages of devices the server has accepted. */
  int served() {
    return served.size();
  }

  /** The server's connections. */
  PskConnections store() {
    return (PskConnections) server.connections();
  }

  private void forEach(Consumer<Connection> visitor) {
    try {
      server
          .startForEach(
              connection -> {
                visitor.accept(connection);
                return false;
              })
          .get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops the server and starts it again on the same port. */
  void restart(Runnable meanwhile) throws IOException {
    server.stop();
    meanwhile.run();
    server.start();
  }

  /** Stops the server, and returns its saved sessions. */
  byte[] stopAndSave() throws IOException {
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    server.stop();
    server.save(saved, 3600);
    return saved.toByteArray();
  }

  /** Starts another server in place of this one, on the same port, with saved sessions. */
  void startAnew(byte[] saved) throws IOException {
    server.destroy();
    server = newServer(address);
    server.load(new ByteArrayInputStream(saved), 0);
    start(server);
  }

  /** Saves a snapshot of the server that keeps its sessions. */
  void saveSnapshot() {
    sessions.keeper().saveSnapshot();
  }

  /** Starts another server in place of this one, on the same port. */
  void startAnew() {
    server.destroy();
    server = newServer(address);
    start(server);
  }

  /** Starts another server in place of this one, with sessions of a snapshot. */
  void startAnewFromSnapshot(byte[] content) throws IOException {
    server.destroy();
    server = newServer(address);
    DatagramReader in = new DatagramReader(content);
    SerializationUtil.readNanotimeSynchronizationMark(in);
    PskConnections connections = store();
    connections.loading(new LoadedSessions(true, content.length));
    server.load(new ByteArrayInputStream(in.readBytesLeft()), 0);
    connections.loading(null);
    start(server);
  }

  /** A device that keeps its session from one message to the next. */
  final class Device {
    private final DTLSConnector connector;
    private final InetSocketAddress to;
    private volatile CompletableFuture<Echo> echo;

    Device(DtlsConnectorConfig.Builder config) {
      this(config, address);
    }

    Device(DtlsConnectorConfig.Builder config, InetSocketAddress to) {
      this(config, to, loopbackAddress());
    }

    /** A device at another address of this machine, in the network 127.0.0.0/8. */
    Device(DtlsConnectorConfig.Builder config, String from) {
      this(config, address, new InetSocketAddress(from, 0));
    }

    private Device(
        DtlsConnectorConfig.Builder config, InetSocketAddress to, InetSocketAddress from) {
      this.to = to;
      connector = new DTLSConnector(config.setAddress(from).build());
      connector.setRawDataReceiver(
          received ->
              echo.complete(
                  new Echo(
                      new String(received.getBytes(), UTF_8),
                      received.getEndpointContext(),
                      served.get(served.size() - 1))));
      Loopback.this.start(connector);
    }

    CompletableFuture<Echo> echo(String text) {
      echo = new CompletableFuture<Echo>().orTimeout(20, TimeUnit.SECONDS);
      connector.send(
          RawData.outbound(
              text.getBytes(UTF_8), new AddressEndpointContext(to), new FailWith(echo), false));
      return echo;
    }

    /** Sends nothing any more, such as its flight again. */
    void destroy() {
      connector.destroy();
    }

    /** Sends a message, and waits for nothing. */
    void send(String text) {
      echo = new CompletableFuture<>();
      connector.send(
          RawData.outbound(text.getBytes(UTF_8), new AddressEndpointContext(to), null, false));
    }

    CompletableFuture<Echo> lastEcho() {
      return echo;
    }

    /** Has the next message sent in the same session, by an abbreviated handshake. */
    void resume() {
      connector.forceResumeAllSessions();
    }
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
