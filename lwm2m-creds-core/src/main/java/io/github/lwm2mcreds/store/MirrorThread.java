package io.github.lwm2mcreds.store;

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
  private final PostgresNotifications notifications;
  private volatile boolean closed;
  private Thread thread;

  MirrorThread(Runnable round, Duration interval, Database database) {
    this.round = round;
    this.interval = interval;
    this.notifications =
        database.engine() == Engine.POSTGRESQL && hasPostgresDriver()
            ? new PostgresNotifications(database, this::wake)
            : null;
  }

  /** A data source may come with a driver of somebody else. */
  private static boolean hasPostgresDriver() {
    try {
      Class.forName("org.postgresql.PGConnection");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  void start(MirrorObserver observer) {
    thread = new Thread(() -> run(observer), "lwm2m-creds-mirror");
    thread.setDaemon(true);
    thread.start();
    if (notifications != null) {
      notifications.start();
    }
  }

  /** Has a round begin soon. */
  void wake() {
    if (wakers.availablePermits() == 0) {
      wakers.release();
    }
  }

  private void run(MirrorObserver observer) {
    boolean lost = false;
    try {
      while (!closed) {
        if (wakers.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS)) {
          wakers.drainPermits(); // this round is for all who woke
        }
        try {
          round.run();
          if (lost) {
            lost = false;
            observer.resumed();
          }
        } catch (CredentialStoreException e) {
          if (!lost && !closed) {
            lost = true;
            observer.lost(e);
          }
        } catch (RuntimeException e) {
          // A listener's: the mirror is up to date, and others have been told.
          Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
          handler.uncaughtException(thread, e);
        }
        Thread.sleep(LEAST_INTERVAL.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Ends the rounds; one that has begun is waited for, unless it is this thread's. */
  void close() {
    closed = true;
    if (notifications != null) {
      notifications.close();
    }
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
