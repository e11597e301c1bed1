// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program of a peer's: what it prints, each byte a character, and what it is told. */
final class PeerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;
  private static final long END_SECONDS = 120;

  private final Process process;
  private final StringBuilder output = new StringBuilder();
  private boolean ended;

  PeerProcess(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread reader = new Thread(this::read, "reader of " + command.get(0));
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    byte[] buffer = new byte[4096];
    try (InputStream in = process.getInputStream()) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        synchronized (output) {
          output.append(new String(buffer, 0, length, ISO_8859_1));
          output.notifyAll();
        }
      }
    } catch (IOException e) {
      // it was killed
    }
    synchronized (output) {
      ended = true;
      output.notifyAll();
    }
  }

  /** Returns what it has printed so far. */
  String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  /** Waits for something in its output; returns false if it ends, or much time passes, without. */
  boolean prints(Predicate<String> wanted) throws InterruptedException {
    return prints(wanted, PATIENCE_SECONDS);
  }

  private boolean prints(Predicate<String> wanted, long seconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    synchronized (output) {
      while (!wanted.test(output.toString())) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (ended || left <= 0) {
          return false;
        }
        output.wait(left);
      }
      return true;
    }
  }

  /**
   * Writes to its standard input; what cannot be written, as it has ended, will not be answered.
   */
  void write(byte[] bytes) {
    try {
      process.getOutputStream().write(bytes);
      process.getOutputStream().flush();
    } catch (IOException e) {
      // it has ended
    }
  }

  /** Waits for it to end by itself; returns what it has printed. */
  static String run(String... command) throws InterruptedException {
    try (PeerProcess process = new PeerProcess(List.of(command))) {
      process.prints(text -> false, END_SECONDS);
      return process.output();
    }
  }

  /** Kills it. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
