package io.github.lwm2mcreds.leshan.cli;

import java.util.concurrent.CountDownLatch;

/** Ends a command that runs until it is told to stop, by SIGTERM or Ctrl-C. */
final class Shutdown {
  private final Streams streams;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  Shutdown(Streams streams) {
    this.streams = streams;
  }

  /**
   * Waits until the process is told to stop, or this thread is interrupted, and then stops what
   * runs. Being told to stop is how these commands end, so the exit code is 0, not the 143 that
   * Java makes of a SIGTERM.
   */
  int await(Runnable stop) {
    Thread hook = new Thread(this::onShutdown, "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      asked.await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
      Thread.currentThread().interrupt();
    }
    try {
      stop.run();
      streams.out().println("stopped");
      streams.out().flush();
    } finally {
      stopped.countDown();
    }
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
}
