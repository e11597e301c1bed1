// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own. */
public final class ServerProcess implements AutoCloseable {
  /** Begins the line with the port a server listens on. */
  static final String PORT = "port ";

  /** Asks for the heap in use. */
  static final String HEAP = "heap";

  /** Thrown when a server that is asked has ended by itself, for want of memory for instance. */
  static final class EndedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    EndedException(IOException cause) {
      super("the server has ended by itself", cause);
    }
  }

  private final Process process;
  private final Writer in;
  private final BufferedReader out;
  private final int port;

  private ServerProcess(Process process) throws IOException {
    this.process = process;
    this.in = process.outputWriter(StandardCharsets.US_ASCII);
    this.out = process.inputReader(StandardCharsets.US_ASCII);
    this.port = readPort(out);
  }

  public static ServerProcess start(ServerSpec spec) throws IOException {
    return start(spec, List.of());
  }

  /**
   * Starts a server.
   *
   * @param jvmOptions options for a server in Java, after those that all have
   */
  static ServerProcess start(ServerSpec spec, List<String> jvmOptions) throws IOException {
    return start(spec, jvmOptions, ProcessBuilder.Redirect.INHERIT);
  }

  /** Starts a server whose log goes elsewhere. */
  static ServerProcess start(ServerSpec spec, List<String> jvmOptions, ProcessBuilder.Redirect log)
      throws IOException {
    List<String> command =
        spec.peer() == ServerSpec.Peer.OPENSSL
            ? OpenSslServer.command(spec)
            : javaCommand(spec, jvmOptions);
    return start(command, log);
  }

  /** Starts a server of another class, which prints its port and ends when its input does. */
  static ServerProcess start(Class<?> main, List<String> arguments) throws IOException {
    List<String> command = javaCommand(main, List.of());
    command.addAll(arguments);
    return start(command, ProcessBuilder.Redirect.INHERIT);
  }

  private static ServerProcess start(List<String> command, ProcessBuilder.Redirect log)
      throws IOException {
    return new ServerProcess(new ProcessBuilder(command).redirectError(log).start());
  }

  private static List<String> javaCommand(ServerSpec spec, List<String> jvmOptions) {
    List<String> command = javaCommand(HandshakeServer.class, jvmOptions);
    command.addAll(spec.toArguments());
    return command;
  }

  private static List<String> javaCommand(Class<?> main, List<String> jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-Xms1g", "-Xmx2g"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    return command;
  }

  /** Skips what a JVM and its agents print first. */
  static int readPort(BufferedReader out) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith(PORT)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("the server ended before it listened; what it printed is above");
    }
    return Integer.parseInt(line.substring(PORT.length()));
  }

  public int port() {
    return port;
  }

  public ServerUsage usage() {
    return ServerUsage.ofLine(ask(""));
  }

  /** Returns the bytes of heap that a server in Java uses after a full collection. */
  long heapInUse() {
    return Long.parseLong(ask(HEAP));
  }

  private String ask(String question) {
    try {
      in.write(question + "\n");
      in.flush();
      String answer = out.readLine();
      if (answer == null) {
        throw new EndedException(null);
      }
      return answer;
    } catch (IOException e) {
      throw new EndedException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      in.close();
    } catch (IOException e) {
      // it has ended before
    }
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
