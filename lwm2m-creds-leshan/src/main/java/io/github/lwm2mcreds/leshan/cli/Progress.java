package io.github.lwm2mcreds.leshan.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Tells on standard error, every few seconds, how far a long piece of work is. */
final class Progress implements LongConsumer {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Streams streams;
  private final long total;
  private long lastTime = System.nanoTime();
  private long done;

  /**
   * Begins.
   *
   * @param total how much there is to do, about
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

  /** How much was done in the end. */
  long done() {
    return done;
  }
}
