// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.metrics.ServerMetrics;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted is what was done, no more and no less. */
class MeteredServerTest {
  private static final DeviceCredential GOOD = credential("good", "good", 1);

  private final SilentStore store = new SilentStore();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Loopback loopback;

  @BeforeEach
  void store() {
    store.inner.put(GOOD);
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  private void start(Consumer<DtlsConnectorConfig.Builder> customizer) {
    loopback = new Loopback(store, customizer);
    sweep(); // behind the sweep of the start, which must not end what another is to end
    meters().bindTo(registry);
  }

  private ServerMetrics meters() {
    return new ServerMetrics(loopback.server().counts());
  }

  private void sweep() {
    loopback.server().sweep().join();
  }

  private void retire(DeviceCredential credential) {
    store.inner.remove(credential.endpoint());
    store.tellRetired(credential);
    await().until(() -> !loopback.sessions().contains(credential.pskIdentity().asString()));
  }

  private void refuse(DtlsConnectorConfig.Builder device) {
    assertThat(loopback.echo(device, "hello")).failsWithin(20, TimeUnit.SECONDS);
  }

  /** The counters that are not zero, without what all names begin with. */
  private Map<String, Long> counted() {
    Map<String, Long> counted = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      if (meter instanceof FunctionCounter counter && counter.count() > 0) {
        String tags =
            StreamSupport.stream(meter.getId().getTagsAsIterable().spliterator(), false)
                .map(Tag::getValue)
                .collect(Collectors.joining(" "));
        String name = meter.getId().getName().substring("lwm2m.creds.".length());
        counted.put((name + " " + tags).strip(), (long) counter.count());
      }
    }
    return counted;
  }

  private double gauge(String name) {
    return registry.get("lwm2m.creds." + name).gauge().value();
  }

  @Test
  void meters_idleServer_haveCountedNothing() {
    start(config -> {});

    assertThat(counted()).isEmpty();
    assertThat(gauge("connections")).isZero();
    assertThat(gauge("connections.left"))
        .isEqualTo((double) loopback.server().counts().connectionsLeft())
        .isPositive();
  }

  @Test
  void meters_scriptedRun_haveItsCounts() {
    DeviceCredential unheard = credential("unheard", "unheard", 2);
    store.inner.put(unheard);
    start(config -> {});
    double room = gauge("connections.left");
    Loopback.Device good = loopback.new Device(impatientDevice(GOOD));
    good.echo("1").join();
    good.echo("2").join();
    good.resume();
    good.echo("3").join();
    loopback.echoOf(impatientDevice(unheard));
    refuse(impatientDevice(credential("good", "good", 3)));
    for (int i = 0; i < 2; i++) {
      refuse(impatientDevice(credential("stranger", "stranger-" + i, 1)));
    }
    refuse(
        impatientDevice(GOOD)
            .set(
                DtlsConfig.DTLS_CIPHER_SUITES,
                List.of(CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384)));
    retire(GOOD); // aborts the handshake with the wrong key, which was refused already
    store.inner.remove("unheard");
    sweep();

    assertThat(counted())
        .containsOnly(
            Map.entry("connections.displaced replaced", 1L), // by the resumed one
            Map.entry("handshakes established full", 2L),
            Map.entry("handshakes established resumed", 1L),
            Map.entry("handshakes refused wrong_key", 1L),
            Map.entry("handshakes refused unknown_identity", 2L),
            Map.entry("handshakes refused no_common_cipher_suite", 1L),
            Map.entry("lookups memory", 3L),
            Map.entry("lookups none", 2L),
            Map.entry("sessions.ended retired", 1L),
            Map.entry("sessions.ended swept", 1L));
    assertThat(gauge("connections")).isEqualTo((double) loopback.connections());
    assertThat(gauge("connections") - gauge("handshakes.under.way") + gauge("connections.left"))
        .isEqualTo(room);
  }

  @Test
  void lookups_foundLater_areTheDatabases() {
    CompletableFuture<Optional<PreSharedKey>> later = new CompletableFuture<>();
    store.late.put(GOOD.pskIdentity(), later);
    start(config -> {});
    CompletableFuture<?> echo = loopback.echo(impatientDevice(GOOD), "hello");
    await().until(() -> store.askedLater.contains(GOOD.pskIdentity()));

    later.complete(Optional.of(Loopback.key(1)));
    echo.join();

    assertThat(counted())
        .containsOnly(
            Map.entry("handshakes established full", 1L), Map.entry("lookups database", 1L));
  }

  @Test
  void lookups_storeFails_areFailed() {
    store.failures.put(
        GOOD.pskIdentity(), new CredentialStoreException(Reason.UNAVAILABLE, "away"));
    start(config -> {});

    refuse(impatientDevice(GOOD));

    assertThat(counted())
        .containsOnly(
            Map.entry("handshakes refused store_failed", 1L), Map.entry("lookups failed", 1L));
  }

  @Test
  void handshake_retiredWhileItWaits_isAborted() {
    store.late.put(GOOD.pskIdentity(), new CompletableFuture<>());
    start(config -> {});
    CompletableFuture<?> echo = loopback.echo(impatientDevice(GOOD), "hello");
    await().until(() -> store.askedLater.contains(GOOD.pskIdentity()));

    store.tellRetired(GOOD);

    assertThat(echo).failsWithin(20, TimeUnit.SECONDS);
    assertThat(counted()).containsOnly(Map.entry("handshakes aborted retired", 1L));
  }

  /** More at once than are looked into, by far. */
  @Test
  void handshakes_tooManyRefused_areNotAllLookedInto() {
    start(config -> {});
    List<CompletableFuture<?>> strangers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      DeviceCredential stranger = credential("stranger", "stranger", i);
      strangers.add(loopback.echo(impatientDevice(stranger), "hello"));
    }

    strangers.forEach(echo -> assertThat(echo).failsWithin(20, TimeUnit.SECONDS));

    assertThat(counted())
        .containsEntry("handshakes refused unknown_identity", 8L)
        .hasEntrySatisfying(
            "handshakes.undiagnosed", undiagnosed -> assertThat(undiagnosed).isBetween(1L, 7L));
  }

  @Test
  void sessions_thatEndForOthers_areCounted() {
    start(config -> config.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 1));
    loopback.echoOf(impatientDevice(GOOD));
    assertThat(gauge("connections.left")).isZero();

    loopback.echoOf(impatientDevice(GOOD));
    DeviceCredential other = credential("other", "other", 2);
    store.inner.put(other);
    loopback.echoOf(impatientDevice(other));

    assertThat(counted())
        .containsEntry("connections.displaced replaced", 1L)
        .containsEntry("connections.displaced session", 1L)
        .containsEntry("handshakes established full", 3L);
  }

  @Test
  void sessions_loaded_areNoHandshakes() throws IOException {
    start(config -> {});
    loopback.echoOf(impatientDevice(GOOD));
    loopback.startAnew(loopback.stopAndSave());

    SimpleMeterRegistry ofTheNext = new SimpleMeterRegistry();
    meters().bindTo(ofTheNext);

    assertThat(ofTheNext.get("lwm2m.creds.connections").gauge().value()).isOne();
    assertThat(ofTheNext.get("lwm2m.creds.handshakes").functionCounters())
        .allMatch(counter -> counter.count() == 0);
  }

  @Test
  void meters_severalServers_areToldApartByTags_andAreGoneOnceClosed() {
    start(config -> {});
    ServerMetrics tagged =
        new ServerMetrics(loopback.server().counts(), List.of(Tag.of("server", "b")));
    SimpleMeterRegistry tags = new SimpleMeterRegistry();
    tagged.bindTo(tags);

    assertThat(tags.getMeters())
        .hasSameSizeAs(registry.getMeters())
        .allMatch(meter -> "b".equals(meter.getId().getTag("server")));
    tagged.close();

    assertThat(tags.getMeters()).isEmpty();
    assertThat(registry.getMeters()).isNotEmpty();
  }
}
