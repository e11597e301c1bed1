// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The time that a {@link LineLimit} goes by. */
interface LimitClock {
  /** The machine's time, and threads of the Java runtime. */
  LimitClock SYSTEM =
      new LimitClock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void later(long nanos, Runnable task) {
          CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(task);
        }
      };

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /** Runs a task after some time, on another thread. */
  void later(long nanos, Runnable task);
}
