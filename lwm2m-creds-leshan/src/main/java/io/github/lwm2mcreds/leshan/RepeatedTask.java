// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a task on a thread of its own, one run at a time. Whoever asks for it while it waits to run
 * shares that run; whoever asks while it runs gets another one afterwards. A run that throws is
 * reported and repeated later.
 */
final class RepeatedTask {
  private static final Duration MAX_DELAY = Duration.ofMinutes(1);
  private static final long STOP_SECONDS = 5;

  private final Runnable task;
  private final Consumer<RuntimeException> onFailure;
  private final Duration firstDelay;
  private final ScheduledThreadPoolExecutor executor;

  private boolean waiting;
  private boolean retrying;
  private Duration delay;
  private volatile Thread runner;

  /**
   * Makes a task that nobody has asked for yet.
   *
   * @param firstDelay before a failed run is repeated; doubles with each failure, up to a minute
   */
  RepeatedTask(
      String name, Runnable task, Consumer<RuntimeException> onFailure, Duration firstDelay) {
    this.task = task;
    this.onFailure = onFailure;
    this.firstDelay = firstDelay;
    this.delay = firstDelay;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            },
            new ScheduledThreadPoolExecutor.DiscardPolicy());
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Asks for a run, and returns at once. */
  synchronized void request() {
    if (!waiting) {
      waiting = true;
      executor.execute(this::run);
    }
  }

  /** Asks for a run now and then, as long as nobody stops this. */
  void requestEvery(Duration interval) {
    long millis = interval.toMillis();
    executor.scheduleWithFixedDelay(this::request, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Does something else on the same thread. What it throws is reported, and the task is run, which
   * makes up for it.
   */
  void execute(Runnable other) {
    executor.execute(
        () -> {
          boolean succeeded = false;
          try {
            succeeded = attempt(other);
          } finally {
            if (!succeeded) {
              request();
            }
          }
        });
  }

  private void run() {
    synchronized (this) {
      waiting = false;
    }
    boolean succeeded = false;
    try {
      succeeded = attempt(task);
    } finally {
      afterRun(succeeded);
    }
  }

  private boolean attempt(Runnable work) {
    runner = Thread.currentThread();
    try {
      work.run();
      return true;
    } catch (RuntimeException e) {
      onFailure.accept(e);
      return false;
    } finally {
      runner = null;
    }
  }

  private synchronized void afterRun(boolean succeeded) {
    if (succeeded) {
      delay = firstDelay;
    } else if (!retrying) {
      retrying = true;
      executor.schedule(this::retry, delay.toMillis(), TimeUnit.MILLISECONDS);
      Duration doubled = delay.multipliedBy(2);
      delay = doubled.compareTo(MAX_DELAY) < 0 ? doubled : MAX_DELAY;
    }
  }

  private synchronized void retry() {
    retrying = false;
    request();
  }

  /** Runs nothing from now on, and waits for a run that has begun, unless that is the caller. */
  void stop() {
    executor.shutdown();
    executor.getQueue().clear();
    if (runner == Thread.currentThread()) {
      return;
    }
    try {
      executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
