// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Confirms rotations on one thread, since a store may have to write a database for it. What fails
 * or is too much is left to the device's next update.
 */
final class Confirmations {
  private static final int MAX_WAITING = 10_000;
  private static final long STOP_SECONDS = 5;

  private final CredentialStore store;
  private final Consumer<RuntimeException> onFailure;
  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MAX_WAITING),
          confirmation -> {
            Thread thread = new Thread(confirmation, "lwm2m-creds confirmations");
            thread.setDaemon(true);
            return thread;
          });

  Confirmations(CredentialStore store, Consumer<RuntimeException> onFailure) {
    this.store = store;
    this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
    executor.allowCoreThreadTimeOut(true);
  }

  void confirm(PskIdentity next) {
    try {
      executor.execute(() -> confirmNow(next));
    } catch (RejectedExecutionException e) {
      if (!executor.isShutdown()) {
        LeshanEvents.tooManyToConfirm(next);
      }
    }
  }

  private void confirmNow(PskIdentity next) {
    try {
      store.confirm(next);
    } catch (RuntimeException e) {
      LeshanEvents.notConfirmed(next, e);
      onFailure.accept(e);
    }
  }

  /** Waits for the one that is being written, so that its store can be closed next. */
  void stop() {
    executor.getQueue().clear();
    executor.shutdown();
    try {
      executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
