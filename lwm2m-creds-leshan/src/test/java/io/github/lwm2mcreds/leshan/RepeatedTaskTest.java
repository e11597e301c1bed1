// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepeatedTaskTest {
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore mayEnd = new Semaphore(0);
  private final BlockingQueue<RuntimeException> toThrow = new LinkedBlockingQueue<>();
  private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
  private final RepeatedTask task =
      new RepeatedTask("test task", this::run, failures::add, Duration.ofMillis(1));

  private void run() {
    begun.release();
    mayEnd.acquireUninterruptibly();
    RuntimeException failure = toThrow.poll();
    if (failure != null) {
      throw failure;
    }
  }

  @AfterEach
  void stop() {
    mayEnd.release(100);
    task.stop();
  }

  @Test
  void request_whileATaskRuns_runsItOnceMoreHoweverOften() throws Exception {
    task.request();
    awaitBegun();
    task.request();
    task.request();
    task.request();

    mayEnd.release();
    awaitBegun();
    mayEnd.release();

    task.execute(begun::release); // behind everything that was asked for
    awaitBegun();
    assertThat(begun.availablePermits()).isZero();
  }

  @Test
  void run_thatThrows_isReportedAndRepeated() throws Exception {
    RuntimeException failure = new IllegalStateException("out of reach");
    toThrow.add(failure);
    toThrow.add(failure);
    mayEnd.release(3);

    task.request();

    awaitBegun();
    awaitBegun();
    awaitBegun();
    await().untilAsserted(() -> assertThat(failures).containsExactly(failure, failure));
  }

  @Test
  void execute_whatThrows_isReportedAndFollowedByTheTask() throws Exception {
    RuntimeException failure = new IllegalStateException("out of reach");
    mayEnd.release();

    task.execute(
        () -> {
          throw failure;
        });

    awaitBegun();
    assertThat(failures).containsExactly(failure);
  }

  @Test
  void run_byAReportThatThrows_isRepeated() throws Exception {
    RepeatedTask loud =
        new RepeatedTask(
            "loud task",
            this::run,
            failure -> {
              throw failure;
            },
            Duration.ofMillis(1));
    toThrow.add(new IllegalStateException("out of reach"));
    mayEnd.release(2);

    loud.request();

    awaitBegun();
    awaitBegun();
    loud.stop();
  }

  @Test
  void stop_whileATaskRuns_waitsForItAndRunsNoOther() throws Exception {
    task.request();
    awaitBegun();
    task.request();
    Thread stopping = new Thread(task::stop);
    stopping.start();
    await().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);

    mayEnd.release(2);
    stopping.join(TimeUnit.SECONDS.toMillis(20));

    assertThat(stopping.isAlive()).isFalse();
    assertThat(begun.availablePermits()).isZero();
    task.request();
    assertThat(begun.availablePermits()).isZero();
  }

  @Test
  void requestEvery_interval_runsAgainAndAgain() throws Exception {
    mayEnd.release(100);

    task.requestEvery(Duration.ofMillis(1));

    awaitBegun();
    awaitBegun();
    awaitBegun();
  }

  @Test
  void stop_byTheTaskItself_returns() throws Exception {
    task.execute(
        () -> {
          task.stop();
          begun.release();
        });

    awaitBegun();
  }

  private void awaitBegun() throws InterruptedException {
    assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }
}
