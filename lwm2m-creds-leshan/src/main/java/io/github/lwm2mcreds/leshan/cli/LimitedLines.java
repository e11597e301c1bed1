// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.internal.LineLimit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Prints lines that anybody on the network can cause: at most ten a minute for each reason, and how
 * many others there were.
 */
final class LimitedLines {
  private final LeftOut print;
  private final Map<Object, LineLimit> limits = new ConcurrentHashMap<>();

  /**
   * Makes a printer.
   *
   * @param print prints how many were left out
   */
  LimitedLines(LeftOut print) {
    this.print = print;
  }

  /**
   * Prints a line, or counts it.
   *
   * @param reason an enum's constant, or a phrase of which there are few
   * @param line prints it
   */
  void print(Object reason, Runnable line) {
    limits
        .computeIfAbsent(reason, it -> new LineLimit(lines -> print.print(it, lines)))
        .write(
            before -> {
              if (before > 0) {
                print.print(reason, before);
              }
              line.run();
            });
  }

  /** Prints what was counted by now. */
  void flush() {
    limits.values().forEach(LineLimit::flush);
  }

  /** Prints how many lines of one reason were left out. */
  @FunctionalInterface
  interface LeftOut {
    void print(Object reason, long lines);
  }
}
