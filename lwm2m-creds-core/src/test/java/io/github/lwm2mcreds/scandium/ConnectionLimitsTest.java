// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections a server with little room keeps. */
class ConnectionLimitsTest {
  private final SilentStore store = new SilentStore();
  private Loopback loopback;

  @AfterEach
  void stop() {
    if (loopback != null) {
      loopback.close();
    }
  }

  private void start(UnaryOperator<ConnectionLimits> limits) {
    for (int i = 0; i < 8; i++) {
      store.inner.put(device(i));
    }
    loopback = Loopback.limited(store, limits);
  }

  private static DeviceCredential device(int number) {
    return credential("d" + number, "d" + number, number + 1);
  }

  private Loopback.Device connected(int number) {
    Loopback.Device connected = loopback.new Device(impatientDevice(device(number)));
    connected.echo("hello").join();
    return connected;
  }

  private ServerCounts counts() {
    return loopback.server().counts();
  }

  private void awaitSessions(String... identities) {
    await()
        .untilAsserted(() -> assertThat(loopback.sessions()).containsExactlyInAnyOrder(identities));
  }

  @Test
  void newSession_ofTheSameIdentityAndKey_endsTheOlder() {
    start(UnaryOperator.identity());
    connected(1);
    connected(2);
    connected(1);

    awaitSessions("d1", "d2");
    assertThat(counts().replacedSessions()).isOne();
    assertThat(counts().displacedSessions()).isZero();
  }

  @Test
  void newSession_whereAnIdentityMayHaveTwo_endsTheOldestOfThree() {
    start(limits -> limits.withSessionsPerIdentity(2));
    connected(1);
    Loopback.Device second = connected(1);
    awaitSessions("d1", "d1");
    Loopback.Device third = connected(1);

    awaitSessions("d1", "d1");
    assertThat(second.echo("again").join().text()).isEqualTo("again");
    assertThat(third.echo("again").join().text()).isEqualTo("again");
    assertThat(counts().fullHandshakes()).isEqualTo(3);
  }

  @Test
  void newSession_ofAnotherKey_leavesTheOlder() {
    start(UnaryOperator.identity());
    connected(1);
    store.inner.put(credential("d1", "d1", 77));
    loopback.echoOf(impatientDevice(credential("d1", "d1", 77)));

    assertThat(loopback.sessions()).containsExactly("d1", "d1");
    assertThat(counts().replacedSessions()).isZero();
  }

  @Test
  void newSession_withoutRoom_endsTheOneUsedLeastRecently() {
    start(limits -> limits.withSessions(3));
    Loopback.Device first = connected(1);
    connected(2);
    connected(3);
    first.echo("still here").join();
    connected(4);
    awaitSessions("d1", "d3", "d4");
    connected(5);

    awaitSessions("d1", "d4", "d5");
    assertThat(counts().displacedSessions()).isEqualTo(2);
    assertThat(counts().connectionsLeft()).isZero();
  }

  @Test
  void device_whoseSessionWasDisplaced_getsInAgain() {
    start(limits -> limits.withSessions(1));
    for (int round = 0; round < 3; round++) {
      connected(1);
      connected(2);
    }

    awaitSessions("d2");
    assertThat(counts().fullHandshakes()).isEqualTo(6);
  }

  @Test
  void devices_afterMoreHandshakesThanSessions_getIn() {
    int limit = 55; // Scandium turns all away after as many handshakes, or after 50 if that is more
    loopback = new Loopback(store, config -> config.set(DtlsConfig.DTLS_MAX_CONNECTIONS, limit));
    for (int i = 0; i < limit + 6; i++) {
      store.inner.put(device(i));
      connected(i);
    }

    assertThat(counts().fullHandshakes()).isEqualTo(limit + 6);
    await().untilAsserted(() -> assertThat(loopback.sessions()).hasSize(limit));
  }

  /** Each waits for its key, which does not come. */
  private List<CompletableFuture<?>> halfOpen(int count) {
    List<CompletableFuture<?>> halfOpen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DeviceCredential waiting = credential("w" + i, "w" + i, 1);
      store.late.put(waiting.pskIdentity(), new CompletableFuture<>());
      halfOpen.add(loopback.echo(impatientDevice(waiting), "hello"));
      await().until(() -> store.askedLater.contains(waiting.pskIdentity()));
    }
    return halfOpen;
  }

  @Test
  void handshakes_thatProveNothing_pushOutNoSession() {
    start(limits -> limits.withHandshakes(3).withSessions(2));
    Loopback.Device first = connected(1);
    halfOpen(10);
    connected(2);

    awaitSessions("d1", "d2");
    assertThat(first.echo("again").join().text()).isEqualTo("again");
    assertThat(counts().displacedSessions()).isZero();
    assertThat(counts().displacedHandshakes()).isEqualTo(8);
    assertThat(loopback.connections()).isEqualTo(4);
  }

  @Test
  void sessions_loadedIntoLessRoom_areThoseUsedLast() throws IOException {
    UnaryOperator<ConnectionLimits> all = UnaryOperator.identity();
    List<UnaryOperator<ConnectionLimits>> limits = new ArrayList<>(List.of(all));
    start(set -> limits.get(0).apply(set));
    Loopback.Device first = connected(1);
    connected(2);
    connected(3);
    first.echo("again").join();
    byte[] saved = loopback.stopAndSave();
    limits.set(0, set -> set.withSessions(2));

    loopback.startAnew(saved);

    awaitSessions("d1", "d3");
  }

  @Test
  void limits_ofAConfiguration_areItsConnections() {
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 7);

    ConnectionLimits limits = ConnectionLimits.of(configuration);

    assertThat(limits.sessions()).isEqualTo(7);
    assertThat(limits.sessionsPerIdentity()).isOne();
    assertThat(limits.handshakes()).isGreaterThanOrEqualTo(500);
    assertThat(limits.networkFailures()).isEqualTo(600);
    assertThat(limits.identityFailures()).isEqualTo(20);
    assertThat(limits.withHandshakes(9).withNetworkFailures(0).withIdentityFailures(60_000))
        .hasToString(
            "7 sessions, 1 of each identity, and 9 handshakes;"
                + " a minute, 0 failures of a network and 60000 of an identity");
  }

  @Test
  void limits_belowOne_areRefused() {
    ConnectionLimits limits = ConnectionLimits.of(new Configuration(DtlsConfig.DEFINITIONS));

    assertThatThrownBy(() -> limits.withSessions(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit of sessions must be at least 1, not 0");
    assertThatThrownBy(() -> limits.withSessionsPerIdentity(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> limits.withHandshakes(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void limitsOfFailures_belowNoneOrOfMoreThanOneAMillisecond_areRefused() {
    ConnectionLimits limits = ConnectionLimits.of(new Configuration(DtlsConfig.DEFINITIONS));

    assertThatThrownBy(() -> limits.withNetworkFailures(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit of failures a minute must be 0 to 60000, not -1");
    assertThatThrownBy(() -> limits.withIdentityFailures(60_001))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
