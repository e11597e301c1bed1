// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

/** Where the lines of events go. */
interface LineSink {
  /** Returns whether anybody wants an event's lines. */
  boolean isEnabled(Event event);

  /**
   * Writes a line.
   *
   * @param thrown written with its stack trace; may be null
   */
  void write(Event event, String line, Throwable thrown);

  /** Returns SLF4J or, where a program does without, the logger of the Java runtime. */
  static LineSink ofProgram() {
    try {
      return new Slf4jLines();
    } catch (LinkageError | RuntimeException e) { // it is missing, of another module, or broken
      return new SystemLines();
    }
  }
}
