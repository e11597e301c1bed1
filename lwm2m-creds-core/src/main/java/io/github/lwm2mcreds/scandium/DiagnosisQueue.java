// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PskIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where refusals are looked into, one at a time, on a thread of their own. A flood of them costs
 * next to nothing: an identity is looked into at most once in some seconds, and all together at
 * most ten times a second.
 */
final class DiagnosisQueue {
  private static final int WAITING = 16;
  private static final int REMEMBERED = 256;
  private static final int BURST = 20;
  private static final long REFILL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Executor thread;
  private final LongSupplier nanoTime;
  private final LongAdder leftOut = new LongAdder();

  /** When identities were looked into last, the oldest first. */
  private final Map<PskIdentity, Long> recent = new LinkedHashMap<>();

  private long refilled;
  private int tokens = BURST;

  DiagnosisQueue() {
    this(IdleThread.named("lwm2m-creds handshake diagnosis", WAITING), System::nanoTime);
  }

  DiagnosisQueue(Executor thread, LongSupplier nanoTime) {
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.refilled = nanoTime.getAsLong();
  }

  /**
   * Has a task done soon, unless there are too many.
   *
   * @param task asked for the task at once, if there are not
   * @return whether it will be done
   */
  boolean submit(PskIdentity identity, Supplier<Runnable> task) {
    if (admits(identity)) {
      try {
        thread.execute(task.get());
        return true;
      } catch (RejectedExecutionException e) {
        // as many are waiting as may
      }
    }
    leftOut.increment();
    return false;
  }

  /** How many tasks were not done. */
  long leftOut() {
    return leftOut.sum();
  }

  private synchronized boolean admits(PskIdentity identity) {
    long now = nanoTime.getAsLong();
    long full = (now - refilled) / REFILL_NANOS;
    refilled += full * REFILL_NANOS;
    tokens = (int) Math.min(BURST, tokens + full);
    Long last = recent.get(identity);
    if (tokens == 0 || last != null && now - last < PAUSE_NANOS) {
      return false;
    }
    tokens--;
    recent.remove(identity); // so that it becomes the newest
    recent.put(identity, now);
    if (recent.size() > REMEMBERED) {
      recent.remove(recent.keySet().iterator().next());
    }
    return true;
  }
}
