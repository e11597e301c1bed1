// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.util.EnumMap;
import java.util.Map;

/** Lines as the Java runtime writes them; unless told otherwise, to standard error. */
final class SystemLines implements LineSink {
  private final Map<Event, System.Logger> loggers = new EnumMap<>(Event.class);

  SystemLines() {
    for (Event event : Event.values()) {
      loggers.put(event, System.getLogger(event.logger()));
    }
  }

  @Override
  public boolean isEnabled(Event event) {
    return loggers.get(event).isLoggable(event.level());
  }

  @Override
  public void write(Event event, String line, Throwable thrown) {
    loggers.get(event).log(event.level(), line, thrown);
  }
}
