package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.lwm2mcreds.Peers;
import java.io.BufferedReader;
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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.core.ConditionTimeoutException;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server of this JVM's own, from a Maven artifact.
 *
 * <p>A shell stands between: it takes commands from its standard input, and when that ends, however
 * the JVM ended, it ends the server and deletes the folder. PostgreSQL refuses to run as root, so
 * where tests do, all this is done as {@code nobody}.
 */
public final class TestPostgres {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String USER = "test";
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
  private static final String SUPERVISOR =
      """
      trap '' HUP INT TERM
      while read -r command; do
        case $command in
          start) bin/postgres -D data "$@" >>log 2>&1 & server=$! ;;
          stop) kill -INT $server; wait $server; server= ;;
        esac
        echo done
      done
      [ -n "$server" ] && kill -QUIT $server && wait $server
      rm -rf "$PWD"
      """;

  private static TestPostgres shared;

  private final String password = UUID.randomUUID().toString();
  private final int port = freePort();
  private final Path folder;
  private final OutputStream commands;
  private final BufferedReader answers;
  private int databases;

  /** The server that all tests share; the first call starts it. */
  public static synchronized TestPostgres shared() {
    Peers.require(
        TestPostgres.class.getResource(ARCHIVE) != null
            && "Linux".equals(System.getProperty("os.name"))
            && "amd64".equals(System.getProperty("os.arch")),
        "a PostgreSQL for this platform is not on the class path");
    if (ROOT) {
      Peers.require("setpriv");
    }
    if (shared == null) {
      try {
        shared = new TestPostgres();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shared;
  }

  private TestPostgres() throws IOException {
    folder = Files.createTempDirectory("lwm2m-creds-postgres");
    if (ROOT) {
      Files.setOwner(
          folder,
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }
    Process supervisor =
        process(
                "sh",
                "-c",
                SUPERVISOR,
                "postgres-of-tests",
                "-clisten_addresses=127.0.0.1",
                "-cport=" + port,
                "-cunix_socket_directories=",
                "-cdynamic_shared_memory_type=mmap",
                "-cfsync=off")
            .start();
    commands = supervisor.getOutputStream();
    answers = new BufferedReader(new InputStreamReader(supervisor.getInputStream(), UTF_8));
    try (InputStream archive = TestPostgres.class.getResourceAsStream(ARCHIVE)) {
      run(new XZInputStream(archive), "tar", "-xf", "-");
    }
    run(
        InputStream.nullInputStream(),
        "sh",
        "-c",
        "echo \"$0\" >password; exec bin/initdb -D data -N -U \"$1\" -A scram-sha-256"
            + " --pwfile=password -E UTF8 --no-locale",
        password,
        USER);
    start();
  }

  /** Outside the range of outgoing connections, one of which might take the port of a server. */
  private static int freePort() {
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
    return new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true);
  }

  private void run(InputStream input, String... command) throws IOException {
    Process process = process(command).start();
    try (OutputStream out = process.getOutputStream()) {
      input.transferTo(out);
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      fail(command[0] + " failed:\n" + output);
    }
  }

  /** Makes an empty database, whose JDBC URL it gives; that has user and password in it. */
  public synchronized String newDatabase() {
    String name = "test" + ++databases;
    try (Connection connection = DriverManager.getConnection(url("postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make a database", e);
    }
    return url(name);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
        .formatted(port, database, USER, password);
  }

  /** Starts the server again after {@link #stop}, at the same port with the same databases. */
  public synchronized void start() {
    command("start");
    try {
      await("PostgreSQL takes connections")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(this::takesConnections);
    } catch (ConditionTimeoutException e) {
      fail("PostgreSQL did not start:\n" + log(), e);
    }
  }

  private boolean takesConnections() {
    try {
      DriverManager.getConnection(url("postgres")).close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * Stops the server, ending all connections; {@link #start} has to follow before the test ends.
   */
  public synchronized void stop() {
    command("stop");
  }

  private void command(String command) {
    try {
      commands.write((command + "\n").getBytes(UTF_8));
      commands.flush();
      String answer = answers.readLine();
      if (!"done".equals(answer)) {
        fail("PostgreSQL's shell answers: " + answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "TestPostgres[port=" + port + "]";
  }
}
