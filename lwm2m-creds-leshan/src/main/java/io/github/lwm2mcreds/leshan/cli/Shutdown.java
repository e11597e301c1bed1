package io.github.lwm2mcreds.leshan.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Ends a command that runs until it is told to stop, by SIGTERM or Ctrl-C. Made before anything
 * starts, so that being told early stops what has started by then. Being told to stop is how these
 * commands end, so the exit code is 0, not the 143 that Java makes of a SIGTERM.
 */
final class Shutdown implements AutoCloseable {
  private final Streams streams;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "shutdown");

  Shutdown(Streams streams) {
    this.streams = streams;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Waits until the process is told to stop, or this thread is interrupted, and then stops what
   * runs.
   */
  int await(Runnable stop) {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop.run();
    streams.out().println("stopped");
    streams.out().flush();
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
      streams.out().flush(); // the process is ending already, which is what the hook was for
    }
  }
}
