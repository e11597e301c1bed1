// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Reports the progress of a long task on standard error every few seconds. */
final class Progress implements LongConsumer {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Streams streams;
  private final long total;
  private long lastTime = System.nanoTime();
  private long done;

  /**
   * Starts the clock.
   *
   * @param total approximately how much there is to do
   */
  Progress(long total, Streams streams) {
    this.total = total;
    this.streams = streams;
  }

  @Override
  public void accept(long doneByNow) {
    done = doneByNow;
    long now = System.nanoTime();
    if (now - lastTime >= INTERVAL_NANOS) {
      lastTime = now;
      streams.err().println(done + " of " + Math.max(done, total) + " done");
    }
  }

  /** Returns how much is done. */
  long done() {
    return done;
  }
}
