package io.github.lwm2mcreds.scandium;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Logs that something fails, at most once a minute, with how many warnings it left out. */
final class RareWarning {
  private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Logger logger;
  private final LongSupplier nanoTime;
  private boolean warned;
  private long last;
  private int leftOut;

  RareWarning(Logger logger, LongSupplier nanoTime) {
    this.logger = logger;
    this.nanoTime = nanoTime;
  }

  /** Logs a failure, or counts it. */
  synchronized void warn(String message, Throwable failure) {
    long now = nanoTime.getAsLong();
    if (warned && now - last < INTERVAL_NANOS) {
      leftOut++;
      return;
    }
    if (leftOut == 0) {
      logger.warn("{}: {}", message, failure.toString());
    } else {
      logger.warn("{} ({} warnings left out): {}", message, leftOut, failure.toString());
    }
    warned = true;
    last = now;
    leftOut = 0;
  }
}
