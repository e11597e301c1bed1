// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server logs to which nobody listens. */
class ServerEventsTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String PEER = "peer=127\\.0\\.0\\.1:[0-9]+";

  private final LoggedEvents logged = new LoggedEvents();
  private final SilentStore store = new SilentStore();

  @AfterEach
  void closeLog() {
    logged.close();
  }

  /** A server as it is without settings: no listener is set. */
  private Loopback server() {
    return new Loopback(store, config -> config.setConnectionListener(null));
  }

  private void awaitLine(Event event, String pattern) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(logged.of(event)).singleElement().asString().matches(pattern));
  }

  @Test
  void refusedHandshake_isLogged() {
    store.inner.put(credential("a", "a", 1));
    try (Loopback loopback = server()) {
      loopback.echo(impatientDevice(credential("a", "a", 2)), "hello");

      awaitLine(
          Event.HANDSHAKE_REFUSED,
          "WARNING handshake-refused reason=wrong-key " + PEER + " identity=a");
      assertThat(loopback.refusals).as("nobody listens").isEmpty();
    }
  }

  @Test
  void refusedHandshake_whereAListenerIsSet_isLoggedAndReportedOnce() {
    try (Loopback loopback = new Loopback(store)) {
      loopback.echo(impatientDevice(credential("a", "a\n", 2)), "hello");

      awaitLine(
          Event.HANDSHAKE_REFUSED,
          "WARNING handshake-refused reason=unknown-identity " + PEER + " identity=a\\\\u000a");
      assertThat(loopback.refusals).hasSize(1);
    }
  }

  @Test
  void refusedHandshake_whereAListenerIsSetAndAnotherGiven_isLoggedAndCountedOnceAndToldToBoth()
      throws IOException {
    List<HandshakeRefusal> ofSet = new CopyOnWriteArrayList<>();
    List<HandshakeRefusal> ofOther = new CopyOnWriteArrayList<>();
    HandshakeRefusalListener set = new HandshakeRefusalListener(store, ofSet::add);
    DtlsConnectorConfig config =
        LwM2mDtls.server(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ScandiumPskStore(store))
            .setConnectionListener(set)
            .build();
    PskServerConnector server = new PskServerConnector(config, store, ofOther::add);
    DTLSConnector device = new DTLSConnector(impatientDevice(credential("a", "a", 2)).build());
    try {
      server.start();
      device.setRawDataReceiver(received -> {});
      device.start();
      device.send(
          RawData.outbound(
              new byte[1], new AddressEndpointContext(server.getAddress()), null, false));

      await().atMost(LONG).until(() -> !ofSet.isEmpty() && !ofOther.isEmpty());
      awaitLine(Event.HANDSHAKE_REFUSED, ".* reason=unknown-identity " + PEER + " identity=a");
    } finally {
      device.destroy();
      server.destroy();
    }
    assertThat(ofSet).hasSize(1).isEqualTo(ofOther);
    assertThat(server.counts().refusedHandshakes(Reason.UNKNOWN_IDENTITY)).isOne();
    assertThat(set.refused(Reason.UNKNOWN_IDENTITY)).isOne();
  }

  @Test
  void noCommonCipherSuite_isLogged() {
    try (Loopback loopback = new Loopback(store)) {
      loopback.echo(
          impatientDevice(credential("a", "a", 1))
              .set(
                  DtlsConfig.DTLS_CIPHER_SUITES,
                  List.of(CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384)),
          "hello");

      awaitLine(
          Event.HANDSHAKE_REFUSED,
          "WARNING handshake-refused reason=no-common-cipher-suite "
              + PEER
              + " hint=\"the device offers TLS_PSK_WITH_AES_256_GCM_SHA384\"");
    }
  }

  /** Each is counted, and ten are written. */
  @Test
  void floodOfRefusedHandshakes_writesTenLinesAndAddsUp() {
    int devices = 40;
    try (Loopback loopback = new Loopback(store)) {
      CompletableFuture.allOf(
              IntStream.range(0, devices)
                  .mapToObj(n -> impatientDevice(credential("d" + n, "d" + n, n + 1)))
                  .map(device -> loopback.echo(device, "hello").handle((echo, e) -> e))
                  .toArray(CompletableFuture[]::new))
          .join();
      await().atMost(LONG).until(() -> loopback.refusals.size() >= devices);

      List<String> lines = logged.of(Event.HANDSHAKE_REFUSED);
      assertThat(lines).hasSize(10).allMatch(line -> line.contains("identity=d"));
      logged.advance(Duration.ofMinutes(1));
      List<String> all = logged.of(Event.HANDSHAKE_REFUSED);
      assertThat(all).hasSize(11);
      assertThat(10 + LoggedEvents.leftOut(all.stream())).isEqualTo(loopback.refusals.size());
    }
  }

  @Test
  void sessionForWhichThereIsNoRoom_isLogged() {
    store.inner.put(credential("a", "a", 1));
    store.inner.put(credential("b", "b", 2));
    try (Loopback loopback =
        new Loopback(store, config -> config.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 1))) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      loopback.echoOf(impatientDevice(credential("b", "b", 2)));

      awaitLine(
          Event.CONNECTION_DISPLACED,
          "WARNING connection-displaced reason=session " + PEER + " identity=a limit=1");
    }
  }

  @Test
  void handshakeForWhichThereIsNoRoom_isLogged() {
    store.late.put(PskIdentity.of("a"), new CompletableFuture<>());
    store.inner.put(credential("b", "b", 2));
    try (Loopback loopback = Loopback.limited(store, limits -> limits.withHandshakes(1))) {
      loopback.echo(impatientDevice(credential("a", "a", 1)), "hello");
      await().atMost(LONG).until(() -> store.askedLater.contains(PskIdentity.of("a")));
      loopback.echoOf(impatientDevice(credential("b", "b", 2)));

      awaitLine(
          Event.CONNECTION_DISPLACED,
          "WARNING connection-displaced reason=handshake " + PEER + " limit=1");
    }
  }

  @Test
  void lookupThatFails_isLoggedWithItsCause() {
    store.failing = true;
    try (Loopback loopback = server()) {
      loopback.echo(impatientDevice(credential("a", "a", 1)), "hello");

      awaitLine(
          Event.KEY_LOOKUP_FAILED,
          "WARNING key-lookup-failed identity=a"
              + " failure=\"CredentialStoreException: out of reach\"");
      awaitLine(
          Event.HANDSHAKE_REFUSED,
          "WARNING handshake-refused reason=store-failed " + PEER + " identity=a");
    }
  }

  @Test
  void laterLookupThatFails_isLoggedWithItsCause() {
    CompletableFuture<Optional<PreSharedKey>> later = new CompletableFuture<>();
    store.late.put(PskIdentity.of("a"), later);
    try (Loopback loopback = server()) {
      loopback.echo(impatientDevice(credential("a", "a", 1)), "hello");
      await().atMost(LONG).until(() -> !store.askedLater.isEmpty());
      later.completeExceptionally(new IllegalStateException("of a test"));

      awaitLine(
          Event.KEY_LOOKUP_FAILED,
          "WARNING key-lookup-failed identity=a failure=\"IllegalStateException: of a test\"");
    }
  }

  @Test
  void sessionOfARetiredCredential_isLoggedWhenItEnds() {
    store.inner.put(credential("a", "a", 1));
    try (Loopback loopback = new Loopback(store.inner)) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));

      store.inner.remove("a");

      awaitLine(Event.SESSION_ENDED, "INFO session-ended reason=retired " + PEER + " identity=a");
    }
  }

  @Test
  void savedSessionOfARetiredCredential_isLoggedWhenItIsNotLoaded() throws Exception {
    store.inner.put(credential("a", "a", 1));
    try (Loopback loopback = server()) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      byte[] saved = loopback.stopAndSave();
      store.inner.remove("a");

      loopback.startAnew(saved);

      awaitLine(
          Event.SESSION_ENDED, "INFO session-ended reason=not-loaded " + PEER + " identity=a");
    }
  }

  @Test
  void anyLine_holdsNoKey() {
    store.inner.put(credential("a", "a", 1));
    try (Loopback loopback = new Loopback(store.inner)) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      loopback.echo(impatientDevice(credential("a", "a", 2)), "hello");
      await().atMost(LONG).until(() -> !logged.of(Event.HANDSHAKE_REFUSED).isEmpty());
      store.inner.remove("a");
      await().atMost(LONG).until(() -> !logged.of(Event.SESSION_ENDED).isEmpty());
    }

    for (int key : new int[] {1, 2}) {
      String hex = HexFormat.of().formatHex(Loopback.key(key).exposeBytes());
      assertThat(logged.all()).noneMatch(line -> line.toLowerCase(Locale.ROOT).contains(hex));
    }
  }
}
