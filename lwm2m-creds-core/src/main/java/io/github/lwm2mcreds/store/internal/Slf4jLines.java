// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines as SLF4J writes them. No other class may name SLF4J's: it is optional. */
final class Slf4jLines implements LineSink {
  private final Map<Event, Logger> loggers = new EnumMap<>(Event.class);

  Slf4jLines() {
    for (Event event : Event.values()) {
      loggers.put(event, LoggerFactory.getLogger(event.logger()));
    }
  }

  @Override
  public boolean isEnabled(Event event) {
    Logger logger = loggers.get(event);
    return switch (event.level()) {
      case ERROR -> logger.isErrorEnabled();
      case WARNING -> logger.isWarnEnabled();
      default -> logger.isInfoEnabled();
    };
  }

  @Override
  public void write(Event event, String line, Throwable thrown) {
    Logger logger = loggers.get(event);
    switch (event.level()) {
      case ERROR -> logger.error(line, thrown);
      case WARNING -> logger.warn(line, thrown);
      default -> logger.info(line, thrown);
    }
  }
}
