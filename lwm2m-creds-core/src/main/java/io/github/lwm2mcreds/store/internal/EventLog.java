// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The log that a program has without asking for it: a line for each {@link Event}, to a logger of
 * the event's name, at most ten a minute for each event and reason in a process. An event that is
 * left out costs a lookup and a count; no text is made of it.
 */
public final class EventLog {
  /** Made with the first event, so that a program in which nothing happens loads no logger. */
  private static volatile EventLog ofProgram =
      new EventLog(LineSink.ofProgram(), LimitClock.SYSTEM);

  private final LineSink sink;
  private final LimitClock clock;
  private final Map<Kind, LineLimit> limits = new ConcurrentHashMap<>();

  /** What has a limit of its own: there are as many as enums have constants. */
  private record Kind(Event event, Enum<?> reason) {}

  EventLog(LineSink sink, LimitClock clock) {
    this.sink = sink;
    this.clock = clock;
  }

  /** Logs an event that needs no reason. */
  public static void log(Event event, Consumer<EventLine> details) {
    ofProgram.write(new Kind(event, null), details);
  }

  /**
   * Logs an event. This throws nothing.
   *
   * @param reason the value of the line's first key, with a limit of its own
   * @param details adds at least one key and value, if the line is written; may tell no key
   */
  public static void log(Event event, Enum<?> reason, Consumer<EventLine> details) {
    ofProgram.write(new Kind(event, reason), details);
  }

  /** Makes another log the program's, for a test, and returns the one before. */
  static EventLog exchange(EventLog other) {
    EventLog before = ofProgram;
    ofProgram = other;
    return before;
  }

  private void write(Kind kind, Consumer<EventLine> details) {
    if (sink.isEnabled(kind.event)) {
      limit(kind).write(leftOut -> write(kind, details, leftOut));
    }
  }

  private LineLimit limit(Kind kind) {
    LineLimit known = limits.get(kind); // without a lock, unlike computeIfAbsent
    return known != null ? known : limits.computeIfAbsent(kind, this::newLimit);
  }

  private LineLimit newLimit(Kind kind) {
    return new LineLimit(clock, leftOut -> write(kind, line -> {}, leftOut));
  }

  private void write(Kind kind, Consumer<EventLine> details, long leftOut) {
    EventLine line = new EventLine(kind.event);
    if (kind.reason != null) {
      line.putEscaped("reason", Event.nameOf(kind.reason));
    }
    try {
      details.accept(line);
      if (leftOut > 0) {
        line.put("left-out", leftOut);
      }
      sink.write(kind.event, line.toString(), line.thrown());
    } catch (RuntimeException e) {
      // what is logged goes on, such as a handshake, even if the program's logger fails
    }
  }
}
