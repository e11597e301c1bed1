// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * Tells systemd the state of a service, by the protocol of sd_notify(3). Its socket takes
 * datagrams, for which Java has no Unix domain sockets; so {@code systemd-notify} sends them, a
 * child of this process, and a unit needs {@code Type=notify} and {@code NotifyAccess=all}. Without
 * {@code NOTIFY_SOCKET} in the environment this does nothing.
 */
final class ServiceManager implements AutoCloseable {
  private static final String SOCKET = "NOTIFY_SOCKET";
  private static final String PROGRAM = "systemd-notify";
  private static final long SECONDS_TO_END = 10;

  private final Map<String, String> environment;
  private final Streams streams;

  /** Sends one message after the other, so that nothing waits for it; null if nobody listens. */
  private final ScheduledExecutorService sender;

  private boolean hasFailed; // read and written by the sender alone

  /**
   * Makes a manager that does nothing unless systemd listens.
   *
   * @param environment the process's
   */
  ServiceManager(Map<String, String> environment, Streams streams) {
    this.environment = environment;
    this.streams = streams;
    this.sender =
        environment.getOrDefault(SOCKET, "").isEmpty()
            ? null
            : Executors.newSingleThreadScheduledExecutor(
                task -> {
                  Thread thread = new Thread(task, PROGRAM);
                  thread.setDaemon(true);
                  return thread;
                });
  }

  /**
   * Tells that the service does its work.
   *
   * @param isAlive asked before each sign of life, if systemd expects them; false if only another
   *     start helps. A process that hangs as a whole gives no sign, whatever this says
   */
  void ready(String status, BooleanSupplier isAlive) {
    // The process that systemd has started may be a script that waits for this one.
    send("--ready", "--pid=" + ProcessHandle.current().pid(), "--status=" + status);
    watchdogMicros()
        .ifPresent(
            limit ->
                sender.scheduleAtFixedRate(
                    () -> {
                      if (isAlive.getAsBoolean()) {
                        run("WATCHDOG=1");
                      }
                    },
                    0,
                    Math.max(1, limit / 2),
                    TimeUnit.MICROSECONDS));
  }

  void status(String text) {
    send("--status=" + text);
  }

  void stopping() {
    send("STOPPING=1", "--status=stopping");
  }

  private void send(String... arguments) {
    if (sender != null) {
      sender.execute(() -> run(arguments));
    }
  }

  /** Returns how long systemd waits for a sign of life of this process. */
  private Optional<Long> watchdogMicros() {
    if (sender == null
        || !environment.getOrDefault("WATCHDOG_USEC", "").matches("[1-9]\\d{0,17}")) {
      return Optional.empty();
    }
    long limit = Long.parseLong(environment.get("WATCHDOG_USEC"));
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    ProcessHandle own = ProcessHandle.current();
    LongStream mine =
        LongStream.concat(
            LongStream.of(own.pid()),
            own.parent().stream().mapToLong(ProcessHandle::pid)); // a launcher script
    return pid.isEmpty() || mine.mapToObj(Long::toString).anyMatch(pid::equals)
        ? Optional.of(limit)
        : Optional.empty();
  }

  private void run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().put(SOCKET, environment.get(SOCKET));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        warn("does not end");
      } else if (process.exitValue() != 0) {
        warn("ended with status " + process.exitValue());
      }
    } catch (IOException e) {
      warn("cannot be run; it comes with systemd");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Warns once: systemd would restart a service of which it does not hear, and not say why. */
  private void warn(String why) {
    if (!hasFailed) {
      hasFailed = true;
      streams.warn("systemd waits for messages of this service, but " + PROGRAM + " " + why);
    }
  }

  /** Waits for what is being sent. */
  @Override
  public void close() {
    if (sender == null) {
      return;
    }
    sender.shutdown();
    try {
      if (!sender.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
        sender.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
