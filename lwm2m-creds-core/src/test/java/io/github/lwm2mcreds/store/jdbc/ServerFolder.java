// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.lwm2mcreds.Peers;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder of this JVM's own, in which servers run.
 *
 * <p>A shell stands between: it takes commands from its standard input, and when that ends, however
 * the JVM ended, it kills all that runs in the folder and deletes the folder. PostgreSQL refuses to
 * run as root, so where tests do, all this is done as {@code nobody}.
 */
final class ServerFolder implements AutoCloseable {
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  /** A server that was killed leaves a piece of shared memory, whose id is in its data folder. */
  private static final String SHELL =
      """
      trap '' HUP INT TERM
      folder=$PWD
      while IFS= read -r command; do
        eval "$command"
      done
      cd /
      running() {
        find /proc/[0-9]*/cwd -maxdepth 0 -lname "$folder*" 2>/dev/null | cut -d / -f 3
      }
      while all=$(running) && [ -n "$all" ]; do
        kill -KILL $all 2>/dev/null
      done
      for file in "$folder"/*/postmaster.pid; do
        [ -e "$file" ] && ipcrm -m $(sed -n '7s/.* //p' "$file") 2>/dev/null
      done
      rm -rf "$folder"
      """;

  private final Path path;
  private final Process shell;
  private final OutputStream commands;
  private final BufferedReader answers;

  ServerFolder(String name) {
    if (ROOT) {
      Peers.require("setpriv");
    }
    try {
      path = Files.createTempDirectory("lwm2m-creds-" + name);
      if (ROOT) {
        Files.setOwner(
            path,
            FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName("nobody"));
      }
      shell = process("sh", "-c", SHELL, "servers-of-tests").start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands = shell.getOutputStream();
    answers = new BufferedReader(new InputStreamReader(shell.getInputStream(), UTF_8));
  }

  Path path() {
    return path;
  }

  /** Outside the range of outgoing connections, one of which might take the port of a server. */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 30_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // In use: the next one.
      }
    }
  }

  private ProcessBuilder process(String... command) {
    List<String> all = new ArrayList<>();
    if (ROOT) {
      all.addAll(List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups", "--"));
    }
    all.addAll(List.of(command));
    return new ProcessBuilder(all).directory(path.toFile()).redirectErrorStream(true);
  }

  /** Runs a program in the folder to its end, and fails the test unless it exits with 0. */
  void run(InputStream input, String... command) {
    try {
      Process process = process(command).start();
      try (OutputStream out = process.getOutputStream()) {
        input.transferTo(out);
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.onExit().join().exitValue() != 0) {
        fail(command[0] + " failed:\n" + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void run(String... command) {
    run(InputStream.nullInputStream(), command);
  }

  /** Appends to a file of the folder. */
  void append(String file, String text) {
    run(new ByteArrayInputStream(text.getBytes(UTF_8)), "sh", "-c", "cat >>\"$0\"", file);
  }

  /** Reads a file of the folder; what is wrong, if it cannot be read. */
  String read(String file) {
    try {
      return Files.readString(path.resolve(file));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * Starts a server.
   *
   * @param log the file that its output is appended to
   * @return its process id
   */
  synchronized long start(String log, String... command) {
    String quoted =
        Stream.of(command)
            .map(argument -> "'" + argument.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return Long.parseLong(ask(quoted + " >>" + log + " 2>&1 </dev/null & echo $!"));
  }

  /** Sends a server a signal, and waits for its end. */
  synchronized void end(long process, String signal) {
    ask("{ kill -%s %d; wait %d; } 2>/dev/null; echo ended".formatted(signal, process, process));
  }

  /** Kills a process that a server has started. */
  synchronized void kill(long process) {
    ask("kill -KILL " + process + " 2>/dev/null; echo killed");
  }

  private String ask(String command) {
    try {
      commands.write((command + "\n").getBytes(UTF_8));
      commands.flush();
      String answer = answers.readLine();
      if (answer == null) {
        fail("the shell of the tests' servers has ended");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills all that runs in the folder, and deletes it. */
  @Override
  public void close() {
    try {
      commands.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    shell.onExit().join();
  }
}
