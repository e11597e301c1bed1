// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs one task at a time, on a thread that ends by itself. */
final class IdleThread {
  private IdleThread() {}

  /** Makes an executor whose thread ends after a second without work, so nobody has to stop it. */
  static Executor named(String name) {
    return named(name, Integer.MAX_VALUE);
  }

  /** Makes such an executor that rejects tasks when a number of them are waiting. */
  static Executor named(String name, int waiting) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(waiting),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
