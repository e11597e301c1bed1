// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Reports how far a run is, how fast it is and how long it will take, on standard error: in one
 * line that changes on a terminal, in a line every few seconds elsewhere.
 */
final class RunProgress implements LongConsumer {
  private static final int LOOKS = 16; // the clock is not asked for each device
  private static final String CLEAR = "\r\033[K";

  private final Streams streams;
  private final long total;
  private final boolean isTerminal;
  private final long intervalNanos;
  private final long start = System.nanoTime();
  private long lastTime = start;
  private long first = -1;

  RunProgress(long total, Streams streams) {
    this(total, streams, isTerminal());
  }

  RunProgress(long total, Streams streams, boolean isTerminal) {
    this.total = total;
    this.streams = streams;
    this.isTerminal = isTerminal;
    this.intervalNanos =
        isTerminal ? TimeUnit.MILLISECONDS.toNanos(200) : TimeUnit.SECONDS.toNanos(5);
  }

  @Override
  public void accept(long done) {
    if (first < 0) {
      first = done;
    }
    if (done % LOOKS != 0) {
      return;
    }
    long now = System.nanoTime();
    if (now - lastTime >= intervalNanos) {
      lastTime = now;
      print(line(done, total, now - start));
    }
  }

  /** Returns the line after some time. */
  static String line(long done, long total, long nanos) {
    double rate = done / Math.max(nanos / 1e9, 1e-9);
    String line = String.format(Locale.ROOT, "%d devices, %.0f a second", done, rate);
    if (total <= 0) {
      return line;
    }
    long left = Math.round(Math.max(0, total - done) / Math.max(rate, 1e-9));
    return String.format(
        Locale.ROOT,
        "%d of %s, %d:%02d left",
        done,
        total + line.substring(line.indexOf(' ')),
        left / 60,
        left % 60);
  }

  private void print(String line) {
    if (isTerminal) {
      streams.err().print(CLEAR + line);
      streams.err().flush();
    } else {
      streams.err().println(line);
    }
  }

  /** Takes the line off the terminal. */
  void end() {
    if (isTerminal) {
      streams.err().print(CLEAR);
      streams.err().flush();
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
