// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Ends a command that runs until SIGTERM or Ctrl-C. Created before anything starts, so that an
 * early signal stops what has started by then. A signal is how these commands end, so the exit code
 * is 0, not the 143 that Java returns after SIGTERM.
 */
final class Shutdown implements AutoCloseable {
  private final Events events;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "shutdown");

  Shutdown(Events events) {
    this.events = events;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Waits for the signal, or until this thread is interrupted, and then stops what runs. */
  int await(Runnable stop) {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop.run();
    events.print("stopped", "stopped", object -> {});
    return ExitCode.DONE;
  }

  private void onShutdown() {
    asked.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.DONE);
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      events
          .streams()
          .out()
          .flush(); // the process is ending already, which is what the hook was for
    }
  }
}
