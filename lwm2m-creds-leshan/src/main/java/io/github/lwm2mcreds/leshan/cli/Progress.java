// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Reports how far a long task is, how fast it is and how long it will take, on standard error: in
 * one line that changes on a terminal, in a line every few seconds elsewhere.
 */
final class Progress implements LongConsumer {
  private static final String CLEAR = "\r\033[K";

  private final String step;
  private final String things;
  private final long total;
  private final Streams streams;
  private final boolean isTerminal;
  private final long intervalNanos;
  private final long start = System.nanoTime();
  private long lastTime = start;
  private long done;
  private boolean isShown;

  /**
   * Starts the clock.
   *
   * @param things what there is to do, in the plural
   * @param total approximately how many there are; 0 if nobody knows
   */
  Progress(String things, long total, Streams streams) {
    this(things, total, streams, isTerminal());
  }

  Progress(String things, long total, Streams streams, boolean isTerminal) {
    this("", things, total, streams, isTerminal);
  }

  private Progress(String step, String things, long total, Streams streams, boolean isTerminal) {
    this.step = step;
    this.things = things;
    this.total = total;
    this.streams = streams;
    this.isTerminal = isTerminal;
    this.intervalNanos =
        isTerminal ? TimeUnit.MILLISECONDS.toNanos(200) : TimeUnit.SECONDS.toNanos(5);
  }

  /**
   * Starts the clock for what only its size tells.
   *
   * @param step what comes before the numbers; may be empty
   */
  static Progress estimating(String step, String things, Streams streams) {
    return new Progress(step, things, 0, streams, isTerminal());
  }

  @Override
  public void accept(long doneByNow) {
    accept(doneByNow, () -> total);
  }

  /**
   * Reports how much is done of what only its size tells.
   *
   * @param doneByNow how many
   * @param estimate estimates how many there are; 0 if it cannot; asked only if a line is printed
   */
  void accept(long doneByNow, LongSupplier estimate) {
    done = doneByNow;
    long now = System.nanoTime();
    if (now - lastTime >= intervalNanos) {
      lastTime = now;
      print(step + line(things, done, estimate.getAsLong(), now - start));
    }
  }

  /** Returns how much is done. */
  long done() {
    return done;
  }

  /** Returns the line after some time. */
  static String line(String things, long done, long total, long nanos) {
    double rate = done / Math.max(nanos / 1e9, 1e-9);
    String speed = String.format(Locale.ROOT, "%s, %.0f a second", things, rate);
    if (total <= 0) {
      return done + " " + speed;
    }
    long atLeast = Math.max(done, total);
    long left = Math.round((atLeast - done) / Math.max(rate, 1e-9));
    return String.format(
        Locale.ROOT, "%d of %d %s, %d:%02d left", done, atLeast, speed, left / 60, left % 60);
  }

  private void print(String line) {
    if (isTerminal) {
      streams.err().print(CLEAR + line);
      streams.err().flush();
      isShown = true;
    } else {
      streams.err().println(line);
    }
  }

  /** Takes the line off the terminal, before something else is printed there. */
  void clear() {
    if (isShown) {
      streams.err().print(CLEAR);
      streams.err().flush();
      isShown = false;
    }
  }

  /** Java 22 and later may have a console that is none, which only a method of theirs tells. */
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }
}
