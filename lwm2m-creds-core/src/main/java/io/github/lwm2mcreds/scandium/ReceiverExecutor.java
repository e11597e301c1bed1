package io.github.lwm2mcreds.scandium;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what a datagram gives rise to on the thread that received it, once that has let go of all
 * locks; all else in a pool.
 *
 * <p>Scandium hands each datagram to another thread, and the ClientHello to a second one. Waking
 * those up takes longer than what they have to do. Its serial execution of a connection holds a
 * lock while it hands over, so what it hands over must not run there and then: with two receiving
 * threads, each could wait for the other's connection. Here it waits in a queue of the receiving
 * thread, which holds no lock when it gets to it.
 */
final class ReceiverExecutor extends AbstractExecutorService
    implements ProtocolScheduledExecutorService {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReceiverExecutor.class);

  /** Many times what a datagram gives rise to. */
  private static final int MAX_RUN = 64;

  private final ThreadLocal<Queue<Runnable>> received = new ThreadLocal<>();
  private final ProtocolScheduledExecutorService pool;

  ReceiverExecutor(ProtocolScheduledExecutorService pool) {
    this.pool = pool;
  }

  /**
   * From now on, what the current thread executes waits until it {@linkplain #runReceived runs}.
   */
  void receiveHere() {
    if (received.get() == null) {
      received.set(new ArrayDeque<>());
    }
  }

  /**
   * Runs what the current thread has executed, and what comes of that. A connection's work may
   * bring more of it, such as what others send there meanwhile: after a while, what is left goes to
   * the pool, so that the thread gets back to receiving.
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

  private boolean executeInPool(Runnable command) {
    try {
      pool.execute(command);
      return true;
    } catch (RejectedExecutionException e) {
      return false; // it is shut down
    }
  }

  /** As in a pool, nothing that a command does keeps its thread from running the next. */
  private static void run(Runnable command) {
    try {
      command.run();
    } catch (Throwable e) { // else the connector would be deaf
      LOGGER.error("what a datagram gave rise to failed", e);
    }
    Thread.interrupted(); // or it would be the next command's
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
