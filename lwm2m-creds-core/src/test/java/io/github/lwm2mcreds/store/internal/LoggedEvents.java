// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the library logs from when this is made until it is closed, in place of the log. */
public final class LoggedEvents implements AutoCloseable {
  private static final Pattern LEFT_OUT = Pattern.compile(" left-out=([0-9]+)$");

  private final ManualLimitClock clock = new ManualLimitClock();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Throwable> thrown = new CopyOnWriteArrayList<>();
  private final EventLog before = EventLog.exchange(new EventLog(new Lines(), clock));

  private final class Lines implements LineSink {
    @Override
    public boolean isEnabled(Event event) {
      return true;
    }

    @Override
    public void write(Event event, String line, Throwable failure) {
      lines.add(event.level() + " " + line);
      if (failure != null) {
        thrown.add(failure);
      }
    }
  }

  /** The lines of an event, with their levels. */
  public List<String> of(Event event) {
    Pattern named = Pattern.compile("[A-Z]+ " + event.id() + "( .*|)");
    return lines.stream().filter(line -> named.matcher(line).matches()).toList();
  }

  /** All lines, with their levels. */
  public List<String> all() {
    return List.copyOf(lines);
  }

  /** What was logged with a stack trace. */
  public List<Throwable> thrown() {
    return List.copyOf(thrown);
  }

  /** How many events there were by the counts of lines that were left out. */
  public static long leftOut(Stream<String> lines) {
    return lines
        .map(LEFT_OUT::matcher)
        .filter(Matcher::find)
        .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
        .sum();
  }

  /** Lets time go on for the limits. */
  public void advance(Duration time) {
    clock.advance(time);
  }

  /** Puts the log back. */
  @Override
  public void close() {
    EventLog.exchange(before);
  }
}
