// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A time that goes on when a test says so, and then does what is due. */
final class ManualLimitClock implements LimitClock {
  private record Task(long at, Runnable task) {}

  private long now = Long.MAX_VALUE; // nanoTime may overflow at any moment
  private final List<Task> waiting = new ArrayList<>();

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public synchronized void later(long nanos, Runnable task) {
    waiting.add(new Task(now + nanos, task));
  }

  synchronized int waiting() {
    return waiting.size();
  }

  void advance(Duration time) {
    long end = nanoTime() + time.toNanos();
    for (Task next = nextBy(end); next != null; next = nextBy(end)) {
      next.task.run();
    }
    synchronized (this) {
      now = end;
    }
  }

  private synchronized Task nextBy(long end) {
    Task next =
        waiting.stream()
            .filter(task -> task.at - end <= 0)
            .min(Comparator.comparingLong(task -> task.at - end))
            .orElse(null);
    if (next != null) {
      waiting.remove(next);
      now = next.at;
    }
    return next;
  }
}
