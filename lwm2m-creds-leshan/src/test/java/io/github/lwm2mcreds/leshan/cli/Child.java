// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A child process that ends with the test. Reads its standard output and error as one. */
public final class Child implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 30;

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;
  private boolean ended;

  private Child(List<String> command, Path folder, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("XDG_CONFIG_HOME", folder.toAbsolutePath().toString());
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = new Thread(this::read, "reader of " + command.get(0));
    reader.setDaemon(true);
    reader.start();
  }

  public static Child start(Path folder, String... command) {
    return new Child(List.of(command), folder, Map.of());
  }

  /** Starts the runnable jar as a user does, with its temporary files in the folder. */
  static Child startJar(Path folder, String... args) {
    return startJar(folder, Map.of(), args);
  }

  /** Starts the jar with variables added to its environment. */
  public static Child startJar(Path folder, Map<String, String> environment, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + folder);
    command.add("-jar");
    command.add(new File("target/lwm2m-creds.jar").getAbsolutePath());
    command.addAll(List.of(args));
    return new Child(command, folder, environment);
  }

  /** Starts the command line from the tests' class path, with variables in its environment. */
  static Child startMain(Path folder, Map<String, String> environment, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    return new Child(command, folder, environment);
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(reading failed: " + e + ")");
    }
    synchronized (lines) {
      ended = true;
      lines.notifyAll();
    }
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  /** Waits for a line; fails with all lines if the process ends without it. */
  public String awaitLine(Predicate<String> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    synchronized (lines) {
      while (true) {
        for (String line : lines) {
          if (wanted.test(line)) {
            return line;
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (ended || left <= 0) {
          throw new AssertionError("the line did not come: " + lines);
        }
        lines.wait(left);
      }
    }
  }

  /** Waits for the process to end by itself. */
  public int awaitEnd() throws InterruptedException {
    return awaitEnd(TIMEOUT_SECONDS);
  }

  /** Waits for a process to end by itself that has much to do. */
  int awaitEnd(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("the process did not end: " + output());
    }
    reader.join(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
    return process.exitValue();
  }

  /** Sends SIGTERM; unlike {@link Process#destroy()} it leaves the output open. */
  public void terminate() {
    process.toHandle().destroy();
  }

  public String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
