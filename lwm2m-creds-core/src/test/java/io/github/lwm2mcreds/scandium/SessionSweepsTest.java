// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionSweepsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SilentStore store = new SilentStore();
  private final LoggedEvents logged = new LoggedEvents();

  @AfterEach
  void closeLog() {
    logged.close();
  }

  @Test
  void sweeps_askedForWhileOneRuns_shareTheNext() {
    AtomicInteger passes = new AtomicInteger();
    Semaphore mayGoOn = new Semaphore(0);
    SessionSweeps sweeps =
        new SessionSweeps(
            SessionTerminatorTest.connectionStoreWhoseIterator(
                () -> {
                  passes.incrementAndGet();
                  mayGoOn.acquireUninterruptibly();
                }),
            store);
    CompletableFuture<Integer> first = sweeps.sweep(false);
    await().atMost(LONG).until(() -> passes.get() == 1);

    List<CompletableFuture<Integer>> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      others.add(sweeps.sweep(i == 50));
    }
    others.get(0).cancel(false);
    mayGoOn.release();
    assertThat(first).succeedsWithin(LONG);
    await().atMost(LONG).until(() -> passes.get() == 2);
    assertThat(others.subList(1, 100)).noneMatch(CompletableFuture::isDone);
    mayGoOn.release();

    assertThat(others.subList(1, 100)).allSatisfy(it -> assertThat(it).succeedsWithin(LONG));
    mayGoOn.release();
    assertThat(sweeps.sweep(false)).succeedsWithin(LONG);
    assertThat(passes).hasValue(3);
  }

  @Test
  void sweep_whereOneWithHandshakesIsDue_abortsThem() {
    PskIdentity late = PskIdentity.of("late");
    store.late.put(late, new CompletableFuture<>());
    try (Loopback loopback = new Loopback(store)) {
      loopback.echo(LwM2mDtls.device(credential("late", late, 1)), "hello");
      await().atMost(LONG).until(() -> store.askedLater.contains(late));
      SessionSweeps sweeps = new SessionSweeps(loopback.server().connections(), store);
      assertThat(sweeps.sweep(false).join()).isZero();
      assertThat(loopback.connections()).isOne();

      sweeps.sweepLater(true);
      sweeps.sweep(false).join();

      await().atMost(LONG).until(() -> loopback.connections() == 0);
    }
  }

  @Test
  void sweep_thatEndsSessions_isLogged() {
    store.inner.put(credential("a", "a", 1));
    try (Loopback loopback = new Loopback(store)) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      SessionSweeps sweeps = new SessionSweeps(loopback.server().connections(), store);
      assertThat(sweeps.sweep(false).join()).isZero();
      assertThat(logged.all()).isEmpty();

      store.inner.remove("a");
      assertThat(sweeps.sweep(false).join()).isOne();
    }

    assertThat(logged.all())
        .singleElement()
        .asString()
        .matches("INFO session-ended reason=compared peer=127\\.0\\.0\\.1:[0-9]+ identity=a");
  }

  @Test
  void sweep_thatFails_isLogged() {
    store.inner.put(credential("a", "a", 1));
    try (Loopback loopback = new Loopback(store)) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      SessionSweeps sweeps = new SessionSweeps(loopback.server().connections(), store);
      store.failing = true;

      assertThat(sweeps.sweep(false)).failsWithin(LONG);
      assertThat(sweeps.sweep(false)).failsWithin(LONG);
    }

    assertThat(logged.all())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("WARNING sessions-not-compared reason=store-out-of-reach failure=")
        .contains("out of reach");
  }

  @Test
  void sweep_thatPassesOverSessions_isLogged() {
    store.inner.put(credential("a", "a", 1));
    store.inner.put(credential("b", "b", 2));
    try (Loopback loopback = new Loopback(store)) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      loopback.echoOf(impatientDevice(credential("b", "b", 2)));
      SessionSweeps sweeps = new SessionSweeps(loopback.server().connections(), store);
      store.failures.put(PskIdentity.of("b"), new IllegalStateException("of a test"));

      assertThat(sweeps.sweep(false).join()).isZero();
    }

    assertThat(logged.all())
        .containsExactly(
            "WARNING sessions-not-compared reason=sessions-passed-over sessions=1"
                + " failure=\"IllegalStateException: of a test\"");
  }
}
