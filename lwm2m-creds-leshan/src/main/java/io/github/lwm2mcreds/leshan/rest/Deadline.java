// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A time by which a stream has been read, or is closed under its reader. */
final class Deadline implements AutoCloseable {
  private final InputStream stream;
  private final CompletableFuture<Void> timer;
  private volatile boolean expired;

  Deadline(InputStream stream, long nanos) {
    this.stream = stream;
    this.timer = new CompletableFuture<Void>().orTimeout(nanos, TimeUnit.NANOSECONDS);
    timer.exceptionally(
        timeout -> {
          // Not here, on the thread that keeps all timers of the JVM.
          CompletableFuture.runAsync(this::expire);
          return null;
        });
  }

  private void expire() {
    expired = true;
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isExpired() {
    return expired;
  }

  @Override
  public void close() {
    timer.complete(null);
  }
}
