// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.EventLog;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;

/**
 * Processes a datagram on the thread that received it, after that thread has released all locks.
 * All other work runs in a pool.
 *
 * <p>Scandium hands each datagram to another thread, and the ClientHello to a second one. Waking
 * these threads takes longer than their work. Scandium's serial execution of a connection holds a
 * lock while it hands over a task, so the task must not run at once: two receiving threads could
 * wait for each other's connection. Instead the task waits in a queue of the receiving thread,
 * which runs it when it holds no lock.
 */
final class ReceiverExecutor extends AbstractExecutorService
    implements ProtocolScheduledExecutorService {
  /** Many times the number of tasks that a datagram causes. */
  private static final int MAX_RUN = 64;

  private final ThreadLocal<Queue<Runnable>> received = new ThreadLocal<>();
  private final ProtocolScheduledExecutorService pool;
  private final Runnable onNewThread;

  /**
   * @param onNewThread called on each receiving thread before its first datagram is handled
   */
  ReceiverExecutor(ProtocolScheduledExecutorService pool, Runnable onNewThread) {
    this.pool = pool;
    this.onNewThread = onNewThread;
  }

  /** Queues the tasks that the current thread executes until {@link #runReceived}. */
  void receiveHere() {
    if (received.get() == null) {
      onNewThread.run();
      received.set(new ArrayDeque<>());
    }
  }

  /**
   * Runs the queued tasks of the current thread, and the tasks that they add. A connection's work
   * may add more, for example when others send to it in the meantime. After a number of tasks, the
   * rest goes to the pool, so that the thread returns to receiving.
   */
  void runReceived() {
    Queue<Runnable> commands = received.get();
    int run = 0;
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      if (run++ < MAX_RUN || !executeInPool(command)) {
        run(command);
      }
    }
  }

  /**
   * Takes a step of a thread that is not one of the connector's, and then runs here what the step
   * has executed, such as the sending of a message. What that adds goes to the pool. A thread that
   * was interrupted only takes the step, since it might not get through a send.
   */
  void runHere(Runnable step) {
    if (received.get() != null || Thread.currentThread().isInterrupted()) {
      step.run();
      return;
    }
    Queue<Runnable> commands = new ArrayDeque<>(2);
    received.set(commands);
    try {
      step.run();
    } finally {
      received.remove();
      commands.forEach(ReceiverExecutor::runGuarded);
    }
  }

  /** Executes a command on another thread; returns whether that is still possible. */
  boolean executeInPool(Runnable command) {
    try {
      pool.execute(command);
      return true;
    } catch (RejectedExecutionException e) {
      return false; // the pool is shut down
    }
  }

  /** Leaves no interrupt for the next command. */
  private static void run(Runnable command) {
    runGuarded(command);
    Thread.interrupted();
  }

  /**
   * As in a pool, a failing command does not prevent the next from running; neither does the
   * connector stop receiving for it, nor has the sender of a message to catch it.
   */
  private static void runGuarded(Runnable command) {
    try {
      command.run();
    } catch (Throwable e) {
      EventLog.log(Event.DATAGRAM_FAILED, line -> line.stackTrace(e));
    }
  }

  @Override
  public void execute(Runnable command) {
    Queue<Runnable> commands = received.get();
    if (commands == null) {
      pool.execute(command);
    } else {
      commands.add(command);
    }
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return pool.schedule(command, delay, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return pool.schedule(callable, delay, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return pool.scheduleAtFixedRate(command, initialDelay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return pool.scheduleWithFixedDelay(command, initialDelay, delay, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleBackground(Runnable command, long delay, TimeUnit unit) {
    return pool.scheduleBackground(command, delay, unit);
  }

  @Override
  public <V> ScheduledFuture<V> scheduleBackground(
      Callable<V> callable, long delay, TimeUnit unit) {
    return pool.scheduleBackground(callable, delay, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleBackgroundAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return pool.scheduleBackgroundAtFixedRate(command, initialDelay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleBackgroundWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return pool.scheduleBackgroundWithFixedDelay(command, initialDelay, delay, unit);
  }

  @Override
  public ScheduledExecutorService getBackgroundExecutor() {
    return pool.getBackgroundExecutor();
  }

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return pool.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(timeout, unit);
  }
}
