// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.metrics;

import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * What takes long to find out about a store. Whoever reads a value gets the last one at once; if it
 * is old, it is found out anew meanwhile, on another thread. That takes at most a hundredth of a
 * CPU's time, and needs nobody to end it.
 */
final class SlowValues {
  private static final Duration LEAST_INTERVAL = Duration.ofMinutes(1);

  /** Of the time that it takes. */
  private static final int PAUSE = 99;

  /**
   * What was found out.
   *
   * @param unopenedKeys how many keys do not open
   * @param oldestKey since when there is the oldest; empty if there is none
   */
  record Values(long unopenedKeys, Optional<Instant> oldestKey) {}

  private final MirroredCredentialStore store;
  private final OldestKey oldestKey;
  private final Executor executor;
  private final LongSupplier nanoTime;
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private volatile Optional<Values> last = Optional.empty();
  private volatile long due;

  SlowValues(MirroredCredentialStore store) {
    this(store, SlowValues::startThread, System::nanoTime);
  }

  SlowValues(MirroredCredentialStore store, Executor executor, LongSupplier nanoTime) {
    this.store = store;
    this.oldestKey = new OldestKey(store);
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.due = nanoTime.getAsLong();
  }

  private static void startThread(Runnable task) {
    Thread thread = new Thread(task, "lwm2m-creds metrics");
    thread.setDaemon(true);
    thread.start();
  }

  /** What is known; empty until it was found out for the first time. */
  Optional<Values> get() {
    if (nanoTime.getAsLong() - due >= 0 && refreshing.compareAndSet(false, true)) {
      executor.execute(this::refresh);
    }
    return last;
  }

  private void refresh() {
    long start = nanoTime.getAsLong();
    try {
      last = Optional.of(new Values(store.countUnopenedKeys(), oldestKey.find()));
    } catch (RuntimeException e) {
      return; // the store is out of reach, which other meters tell: what is known stays
    } finally {
      long end = nanoTime.getAsLong();
      due = end + Math.max(LEAST_INTERVAL.toNanos(), PAUSE * (end - start));
      refreshing.set(false);
    }
  }
}
