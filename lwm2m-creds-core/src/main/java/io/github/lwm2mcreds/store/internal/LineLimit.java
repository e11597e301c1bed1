// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Lets ten lines through in any minute, and counts the others. The count comes with the next line
 * or, if none follows, by itself as soon as a line may be written again. So the lines that were
 * written and the counts add up to all there were.
 */
public final class LineLimit {
  static final int LINES = 10;
  static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final long NOT_NOW = -1;

  private final LimitClock clock;
  private final LongConsumer countAlone;

  /** When each of the last lines was written; a ring. */
  private final long[] written = new long[LINES];

  private int oldest;
  private long leftOut;
  private boolean countIsDue;

  /**
   * Makes a limit that nothing was counted by yet.
   *
   * @param countAlone writes how many lines were left out, where none follows that could tell
   */
  public LineLimit(LongConsumer countAlone) {
    this(LimitClock.SYSTEM, countAlone);
  }

  LineLimit(LimitClock clock, LongConsumer countAlone) {
    this.clock = clock;
    this.countAlone = countAlone;
    Arrays.fill(written, clock.nanoTime() - INTERVAL_NANOS);
  }

  /**
   * Writes a line, or counts it.
   *
   * @param line called, if it may be written now, with how many were left out before it
   */
  public void write(LongConsumer line) {
    long before = admit();
    if (before != NOT_NOW) {
      line.accept(before); // outside of the lock
    }
  }

  /** Writes at once how many lines were left out, if any were. */
  public void flush() {
    long count;
    synchronized (this) {
      count = leftOut;
      leftOut = 0;
    }
    if (count > 0) {
      countAlone.accept(count);
    }
  }

  private synchronized long admit() {
    long now = clock.nanoTime();
    long wait = waitAt(now);
    if (wait <= 0) {
      return take(now);
    }
    leftOut++;
    if (!countIsDue) {
      countIsDue = true;
      clock.later(wait, this::countAlone);
    }
    return NOT_NOW;
  }

  private long waitAt(long now) {
    return written[oldest] - now + INTERVAL_NANOS;
  }

  private long take(long now) {
    written[oldest] = now;
    oldest = (oldest + 1) % LINES;
    long count = leftOut;
    leftOut = 0;
    return count;
  }

  private void countAlone() {
    long count = takeCount();
    if (count > 0) {
      countAlone.accept(count);
    }
  }

  /** Returns what is to be written now; if other lines came first, that waits for its turn. */
  private synchronized long takeCount() {
    countIsDue = false;
    if (leftOut == 0) {
      return 0;
    }
    long now = clock.nanoTime();
    long wait = waitAt(now);
    if (wait <= 0) {
      return take(now);
    }
    countIsDue = true;
    clock.later(wait, this::countAlone);
    return 0;
  }
}
