package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.SubstituteLogger;

class SessionSweepsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SilentStore store = new SilentStore();
  private final Queue<SubstituteLoggingEvent> logged = new ConcurrentLinkedQueue<>();
  private final SubstituteLogger logger = new SubstituteLogger("test", logged, false);

  private List<String> log() {
    return logged.stream()
        .map(
            event ->
                event.getLevel()
                    + " "
                    + MessageFormatter.arrayFormat(event.getMessage(), event.getArgumentArray())
                        .getMessage())
        .toList();
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
      SessionSweeps sweeps = new SessionSweeps(loopback.server().connections(), store, logger);
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
      SessionSweeps sweeps = new SessionSweeps(loopback.server().connections(), store, logger);
      assertThat(sweeps.sweep(false).join()).isZero();
      assertThat(log()).isEmpty();

      store.inner.remove("a");
      assertThat(sweeps.sweep(false).join()).isOne();
    }

    assertThat(log()).containsExactly("INFO ended sessions whose credential was retired: 1");
  }

  @Test
  void sweep_thatFails_isLoggedOnceAMinute() {
    store.inner.put(credential("a", "a", 1));
    try (Loopback loopback = new Loopback(store)) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      SessionSweeps sweeps = new SessionSweeps(loopback.server().connections(), store, logger);
      store.failing = true;

      assertThat(sweeps.sweep(false)).failsWithin(LONG);
      assertThat(sweeps.sweep(false)).failsWithin(LONG);
    }

    assertThat(log()).hasSize(1).first().asString().startsWith("WARN ").contains("out of reach");
  }

  @Test
  void sweep_thatPassesOverSessions_isLogged() {
    store.inner.put(credential("a", "a", 1));
    store.inner.put(credential("b", "b", 2));
    try (Loopback loopback = new Loopback(store)) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      loopback.echoOf(impatientDevice(credential("b", "b", 2)));
      SessionSweeps sweeps = new SessionSweeps(loopback.server().connections(), store, logger);
      store.failures.put(PskIdentity.of("b"), new IllegalStateException("of a test"));

      assertThat(sweeps.sweep(false).join()).isZero();
    }

    assertThat(log()).hasSize(1).first().asString().startsWith("WARN ").contains("go on: 1");
  }

  @Test
  void warning_withinAMinute_isCountedAndSaidWithTheNext() {
    long[] now = {Long.MAX_VALUE};
    RareWarning warning = new RareWarning(logger, () -> now[0]);
    RuntimeException failure = new IllegalStateException("of a test");
    warning.warn("a", failure);
    warning.warn("b", failure);
    now[0] += Duration.ofSeconds(59).toNanos();
    warning.warn("c", failure);

    now[0] += Duration.ofSeconds(1).toNanos();
    warning.warn("d", failure);

    assertThat(log())
        .containsExactly(
            "WARN a: java.lang.IllegalStateException: of a test",
            "WARN d (2 warnings left out): java.lang.IllegalStateException: of a test");
  }
}
