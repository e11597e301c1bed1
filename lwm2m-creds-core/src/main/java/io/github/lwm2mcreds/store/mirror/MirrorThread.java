// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.store.CredentialStoreException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs a mirror's rounds: at intervals, and sooner when woken, but not so often that many wakers
 * cost more than a few.
 */
final class MirrorThread {
  private static final Duration LEAST_INTERVAL = Duration.ofMillis(20);
  private static final long MILLIS_TO_STOP = 5_000;

  private final Runnable round;
  private final Duration interval;
  private final Semaphore wakers = new Semaphore(0);
  private volatile boolean closed;
  private volatile boolean lost;
  private Thread thread;

  MirrorThread(Runnable round, Duration interval) {
    this.round = round;
    this.interval = interval;
  }

  void start(MirrorObserver observer) {
    thread = new Thread(() -> run(observer), "lwm2m-creds-mirror");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether the last round failed for want of the database. */
  boolean hasLostStore() {
    return lost;
  }

  /** Makes a round begin soon. */
  void wake() {
    if (wakers.availablePermits() == 0) {
      wakers.release();
    }
  }

  private void run(MirrorObserver observer) {
    try {
      while (!closed) {
        if (wakers.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS)) {
          wakers.drainPermits(); // this round is for all who woke
        }
        lost = runRound(observer);
        Thread.sleep(LEAST_INTERVAL.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Runs a round, and returns whether the database is lost after it. */
  private boolean runRound(MirrorObserver observer) {
    try {
      round.run();
      if (lost) {
        observe(observer::resumed);
      }
      return false;
    } catch (CredentialStoreException e) {
      if (!lost && !closed) {
        observe(() -> observer.lost(e));
      }
      return true;
    } catch (RuntimeException e) {
      report(e); // a listener's: the mirror is up to date, and others have been told
      return lost;
    } catch (Error e) { // such as a lack of memory, or a class that is gone; it may pass
      if (!lost && !closed) {
        report(e);
        observe(() -> observer.lost(failure(e)));
      }
      return true;
    }
  }

  private static CredentialStoreException failure(Error e) {
    return new CredentialStoreException(
        CredentialStoreException.Reason.UNAVAILABLE,
        "the mirror could not be brought up to date: " + e.getClass().getSimpleName(),
        e);
  }

  /** An observer that throws must not end the rounds. */
  private void observe(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError e) {
      report(e);
    }
  }

  private void report(Throwable thrown) {
    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
  }

  /** Ends the rounds; one that has begun is waited for, unless it is this thread's. */
  void close() {
    closed = true;
    if (thread == null || thread == Thread.currentThread()) {
      return;
    }
    wake();
    try {
      thread.join(MILLIS_TO_STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
