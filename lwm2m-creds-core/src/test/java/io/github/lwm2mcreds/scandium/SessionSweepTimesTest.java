// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.NEVER;
import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static io.github.lwm2mcreds.scandium.Loopback.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.Loopback.Echo;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When sessions are compared with the store without anybody asking for it. */
class SessionSweepTimesTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final PskIdentity LATE = PskIdentity.of("late");

  private final SilentStore store = new SilentStore();
  private final CompletableFuture<Optional<PreSharedKey>> answer = new CompletableFuture<>();
  private Loopback loopback;

  private void start(Duration sweepInterval, Duration retryInterval) {
    store.inner.put(credential("bad", "bad", 1));
    loopback = new Loopback(store, config -> {}, sweepInterval, retryInterval);
    loopback.echoOf(impatientDevice(credential("bad", "bad", 1)));
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  @Test
  void sweep_timeHasCome_isMade() {
    start(SHORT, NEVER);

    store.inner.remove("bad");

    await().atMost(LONG).until(() -> loopback.sessions().isEmpty());
  }

  @Test
  void sweep_failed_isMadeAgain() {
    start(NEVER, SHORT);
    store.inner.remove("bad");
    store.failing = true;
    assertThat(loopback.server().sweep()).failsWithin(LONG);

    store.failing = false;

    await().atMost(LONG).until(() -> loopback.sessions().isEmpty());
  }

  @Test
  void retry_ofASweep_leavesHandshakesAlone() {
    start(NEVER, SHORT);
    CompletableFuture<Echo> echo = echoThatWaits();
    store.inner.remove("bad");
    store.failing = true;
    assertThat(loopback.server().sweep()).failsWithin(LONG);

    store.failing = false;
    await().atMost(LONG).until(() -> !loopback.sessions().contains("bad"));
    answer.complete(Optional.of(key(2)));

    assertThat(echo.join().text()).isEqualTo("hello");
  }

  @Test
  void retry_ofASweepForMissedChanges_abortsHandshakes() {
    start(NEVER, SHORT);
    store.failures.put(PskIdentity.of("bad"), new IllegalStateException("of a test"));
    store.listeners.forEach(CredentialStoreListener::changesMissed);
    assertThat(loopback.server().sweep()).failsWithin(LONG);

    echoThatWaits();

    await().atMost(LONG).until(() -> loopback.connections() == 1);
  }

  /** A device whose handshake waits for its key. */
  private CompletableFuture<Echo> echoThatWaits() {
    store.inner.put(credential("late", LATE, 2));
    store.late.put(LATE, answer);
    CompletableFuture<Echo> echo =
        loopback.echo(LwM2mDtls.device(credential("late", LATE, 2)), "hello");
    await().atMost(LONG).until(() -> store.askedLater.contains(LATE));
    return echo;
  }
}
