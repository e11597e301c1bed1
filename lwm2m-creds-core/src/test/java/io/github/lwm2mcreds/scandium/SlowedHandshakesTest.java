// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.metrics.ServerMetrics;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Devices at several addresses of this machine, whose handshakes fail and succeed. */
class SlowedHandshakesTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** In 127.0.1.0/24. */
  private static final String BAD = "127.0.1.1";

  private static final String ELSEWHERE = "127.0.2.1";
  private static final int WRONG = 99;
  private static final PskIdentity LONG_IDENTITY = PskIdentity.of("long".repeat(32));

  private final LoggedEvents logged = new LoggedEvents();
  private final SilentStore store = new SilentStore();
  private final AtomicLong nanos = new AtomicLong();
  private Loopback loopback;

  @AfterEach
  void stop() {
    loopback.close();
    logged.close();
  }

  private void start(
      Consumer<DtlsConnectorConfig.Builder> customizer, UnaryOperator<ConnectionLimits> limits) {
    store.inner.put(credential("a", "a", 1));
    store.inner.put(credential("b", "b", 2));
    loopback = new Loopback(store, customizer, limits, nanos::get);
  }

  private void start() {
    start(config -> {}, UnaryOperator.identity());
  }

  private ServerCounts counts() {
    return loopback.server().counts();
  }

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private long refused() {
    long refused = 0;
    for (Reason reason : Reason.values()) {
      refused += counts().refusedHandshakes(reason);
    }
    return refused;
  }

  private Loopback.Device device(String identity, int key, String from) {
    return loopback.new Device(impatientDevice(credential(identity, identity, key)), from);
  }

  private void getIn(String identity, int key, String from) {
    assertThat(device(identity, key, from).echo("hello").join().text()).isEqualTo("hello");
  }

  /** Has handshakes fail one after the other. */
  private void fail(int times, String identity, String from) {
    for (int i = 0; i < times; i++) {
      long before = refused();
      Loopback.Device device = device(identity, WRONG, from);
      device.echo("hello");
      await().atMost(LONG).until(() -> refused() > before);
      device.destroy();
    }
  }

  /** Begins a handshake with the right key, of which the server drops something. */
  private CompletableFuture<Loopback.Echo> slowed(String identity, int key, String from) {
    long before = counts().slowedNetworks() + counts().slowedIdentities();
    CompletableFuture<Loopback.Echo> echo = device(identity, key, from).echo("hello");
    await()
        .atMost(LONG)
        .until(() -> counts().slowedNetworks() + counts().slowedIdentities() > before);
    return echo;
  }

  @Test
  void identity_thatFailsTenTimes_isSlowedDown_andItsOwnerElsewhereIsNot() {
    start();
    fail(10, "a", BAD);
    Loopback.Device again = device("a", WRONG, BAD);
    again.echo("hello");
    await().atMost(LONG).until(() -> counts().slowedIdentities() > 0);

    getIn("a", 1, ELSEWHERE);
    getIn("b", 2, BAD);
    assertThat(counts().refusedHandshakes(Reason.WRONG_KEY)).isEqualTo(10);
    assertThat(logged.of(Event.HANDSHAKE_SLOWED))
        .first()
        .asString()
        .matches("WARNING handshake-slowed reason=identity peer=127\\.0\\.1\\.1:\\d+ identity=a");
  }

  @Test
  void device_thatGetsTheRightKey_getsInByItsNextFlight() {
    start();
    fail(10, "a", BAD);
    CompletableFuture<Loopback.Echo> echo = slowed("a", 1, BAD);
    pass(3);

    assertThat(echo.join().text()).isEqualTo("hello");
    assertThat(counts().fullHandshakes()).isOne();
    assertThat(refused()).isEqualTo(10);
  }

  @Test
  void identity_ofEcdhePsk_isSlowedDownToo() {
    List<CipherSuite> suites = List.of(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
    start(config -> config.set(DtlsConfig.DTLS_CIPHER_SUITES, suites), UnaryOperator.identity());
    DtlsConnectorConfig.Builder right =
        impatientDevice(credential("a", "a", 1)).set(DtlsConfig.DTLS_CIPHER_SUITES, suites);
    for (int i = 0; i < 10; i++) {
      loopback
          .failed()
          .failed(new InetSocketAddress(BAD, 1), new PskPublicInformation("a"), Reason.WRONG_KEY);
    }
    CompletableFuture<Loopback.Echo> echo = loopback.new Device(right, BAD).echo("hello");
    await().atMost(LONG).until(() -> counts().slowedIdentities() > 0);
    pass(3);

    assertThat(echo.join().text()).isEqualTo("hello");
  }

  /** A device with an identity of 128 bytes, for which it needs two records. */
  private Loopback.Device fragmentingDevice(int key) {
    DtlsConnectorConfig.Builder config =
        impatientDevice(credential("long", LONG_IDENTITY, key))
            .set(DtlsConfig.DTLS_MAX_TRANSMISSION_UNIT, 218);
    return loopback.new Device(config, BAD);
  }

  @Test
  void identity_inFragments_isSlowedDownToo_andGetsInLater() {
    store.inner.put(credential("long", LONG_IDENTITY, 3));
    start();
    for (int i = 0; i < 10; i++) {
      long before = refused();
      Loopback.Device device = fragmentingDevice(WRONG);
      device.echo("hello");
      await().atMost(LONG).until(() -> refused() > before);
      device.destroy();
    }
    assertThat(counts().slowedIdentities()).isZero();
    CompletableFuture<Loopback.Echo> echo = fragmentingDevice(3).echo("hello");
    await().atMost(LONG).until(() -> counts().slowedIdentities() > 0);
    assertThat(echo).isNotDone();
    getIn("b", 2, BAD);
    pass(3);

    assertThat(echo.join().text()).isEqualTo("hello");
    assertThat(counts().refusedHandshakes(Reason.WRONG_KEY)).isEqualTo(10);
    assertThat(logged.of(Event.HANDSHAKE_SLOWED))
        .first()
        .asString()
        .as("without the identity, which came in fragments")
        .matches("WARNING handshake-slowed reason=identity peer=127\\.0\\.1\\.1:\\d+");
  }

  @Test
  void devices_thatFragmentAndSucceed_getIn() {
    store.inner.put(credential("long", LONG_IDENTITY, 3));
    start();
    for (int i = 0; i < 12; i++) {
      Loopback.Device device = fragmentingDevice(3);
      assertThat(device.echo("hello").join().text()).isEqualTo("hello");
      device.destroy();
    }

    assertThat(counts().slowedIdentities()).isZero();
  }

  @Test
  void unknownIdentity_isSlowedDownAsAWrongKeyIs() {
    start();
    fail(10, "a", BAD);
    fail(10, "nobody", BAD);
    assertThat(counts().slowedIdentities()).isZero();
    slowed("a", 1, BAD);
    slowed("nobody", 1, BAD);

    assertThat(refused()).isEqualTo(20);
  }

  /** A device of the network that is not one of the few that get in at once. */
  private CompletableFuture<Loopback.Echo> slowedOfNetwork() {
    while (true) {
      loopback.failed().failed(new InetSocketAddress(BAD, 1), null, Reason.UNKNOWN_IDENTITY);
      CompletableFuture<Loopback.Echo> echo = device("a", 1, "127.0.1.77").echo("hello");
      await().atMost(LONG).until(() -> echo.isDone() || counts().slowedNetworks() > 0);
      if (counts().slowedNetworks() > 0) {
        return echo;
      }
    }
  }

  @Test
  void network_thatOwesMuch_isSlowedDown_andItsDevicesGetInLater() {
    start();
    fail(1, "nobody", BAD);
    for (int i = 0; i < 99; i++) {
      loopback.failed().failed(new InetSocketAddress(BAD, 1), null, Reason.UNKNOWN_IDENTITY);
    }
    CompletableFuture<Loopback.Echo> echo = slowedOfNetwork();
    getIn("b", 2, ELSEWHERE);
    assertThat(echo).isNotDone();
    pass(10);

    assertThat(echo.join().text()).isEqualTo("hello");
    assertThat(logged.of(Event.HANDSHAKE_SLOWED))
        .first()
        .asString()
        .matches("WARNING handshake-slowed reason=network peer=127\\.0\\.1\\.77:\\d+");
  }

  @Test
  void noCommonCipherSuite_countsForTheNetwork() {
    start();
    DtlsConnectorConfig.Builder foreign =
        impatientDevice(credential("a", "a", 1))
            .set(
                DtlsConfig.DTLS_CIPHER_SUITES,
                List.of(CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384));
    assertThat(loopback.new Device(foreign, ELSEWHERE).echo("hello"))
        .failsWithin(20, TimeUnit.SECONDS);

    await().atMost(LONG).until(() -> refused() > 0);
    assertThat(loopback.failed().owedByNetwork(new InetSocketAddress(ELSEWHERE, 1))).isPositive();
  }

  /** Anybody may send these in a victim's name. */
  @Test
  void clientHelloWithoutCookie_countsForNobody() throws IOException {
    start();
    byte[] foreign = HexFormat.of().parseHex(Hellos.datagram("fefd", "1302"));
    try (DatagramSocket victim = new DatagramSocket(new InetSocketAddress(BAD, 0))) {
      victim.setSoTimeout((int) LONG.toMillis());
      for (int i = 0; i < 300; i++) {
        victim.send(new DatagramPacket(foreign, foreign.length, loopback.address()));
        victim.receive(new DatagramPacket(new byte[200], 200)); // a HelloVerifyRequest
      }
    }

    getIn("a", 1, BAD);
    assertThat(loopback.failed().owedByNetwork(new InetSocketAddress(BAD, 1))).isZero();
    assertThat(counts().slowedNetworks()).isZero();
  }

  @Test
  void storeThatFails_countsForNobody() {
    start();
    store.failing = true;
    fail(12, "a", BAD);
    store.failing = false;
    getIn("a", 1, BAD);

    assertThat(counts().slowedIdentities()).isZero();
    assertThat(loopback.failed().owedByNetwork(new InetSocketAddress(BAD, 1))).isZero();
  }

  private enum Off {
    BY_SETTING,
    WITHOUT_COOKIES
  }

  @ParameterizedTest
  @EnumSource
  void nobody_isSlowedDown(Off off) {
    start(
        config -> config.set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, off != Off.WITHOUT_COOKIES),
        limits ->
            off == Off.BY_SETTING ? limits.withNetworkFailures(0).withIdentityFailures(0) : limits);
    fail(12, "a", BAD);

    assertThat(counts().slowedIdentities()).isZero();
    assertThat(loopback.failed().owedByNetwork(new InetSocketAddress(BAD, 1))).isZero();
  }

  @Test
  void identityUnderAttack_fromSeveralNetworks_isReported_andItsOwnerGetsIn() {
    start();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ServerMetrics(counts()).bindTo(registry);
    for (int i = 0; i < 25; i++) {
      fail(1, "a", "127.0." + (10 + i % 3) + ".1");
    }

    assertThat(logged.of(Event.IDENTITY_UNDER_ATTACK))
        .singleElement()
        .asString()
        .matches(
            "WARNING identity-under-attack identity=a failures=20 networks=3"
                + " hint=\"somebody tries keys, .*\"");
    assertThat(registry.get("lwm2m.creds.identities.under.attack").gauge().value()).isOne();
    getIn("a", 1, ELSEWHERE);
  }

  @Test
  void meters_countWhatWasSlowedDown() {
    start();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ServerMetrics(counts()).bindTo(registry);
    fail(10, "a", BAD);
    slowed("a", 1, BAD);

    assertThat(slowedOf(registry, "identity")).isPositive();
    assertThat(slowedOf(registry, "network")).isZero();
  }

  private static double slowedOf(SimpleMeterRegistry registry, String kind) {
    return registry
        .get("lwm2m.creds.handshakes.slowed")
        .tag("kind", kind)
        .functionCounter()
        .count();
  }

  @Test
  void handshake_thatSucceeds_paysOffOneThatFailed() {
    start();
    fail(2, "nobody", BAD);
    long before = loopback.failed().owedByNetwork(new InetSocketAddress(BAD, 1));
    getIn("a", 1, "127.0.1.9");

    assertThat(before).isEqualTo(200);
    assertThat(loopback.failed().owedByNetwork(new InetSocketAddress(BAD, 1))).isEqualTo(100);
  }
}
