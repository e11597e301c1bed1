package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A PgBouncer in front of the PostgreSQL server of the tests, with its defaults but for what a test
 * adds. As there, a shell ends it when this JVM ends, and root becomes {@code nobody}.
 */
final class TestPgBouncer implements AutoCloseable {
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
  private static final Pattern URL =
      Pattern.compile("jdbc:postgresql://127.0.0.1:(\\d+)/(\\w+)\\?user=(\\w+)&password=(.+)");
  private static final String SUPERVISOR =
      """
      trap '' HUP INT TERM
      PATH=$PATH:/usr/sbin
      pgbouncer pgbouncer.ini >>log 2>&1 & bouncer=$!
      read -r line
      kill -TERM $bouncer
      wait $bouncer
      rm -rf "$PWD"
      """;

  private final int port = ServerFolder.freePort();
  private final String url;
  private final Path folder;
  private final Process supervisor;

  /**
   * Starts one in front of a database of its own.
   *
   * @param settings lines of its configuration, such as its mode
   */
  TestPgBouncer(String... settings) throws IOException {
    Peers.require("pgbouncer");
    String direct = TestPostgres.shared().newDatabase();
    Matcher parts = URL.matcher(direct);
    if (!parts.matches()) {
      fail("another URL than expected");
    }
    url = direct.replace(":" + parts.group(1) + "/", ":" + port + "/");
    folder = Files.createTempDirectory("lwm2m-creds-pgbouncer");
    write("users", "\"%s\" \"%s\"".formatted(parts.group(3), parts.group(4)));
    write("pgbouncer.ini", configuration(parts.group(1), settings));
    own(folder);
    supervisor = process("sh", "-c", SUPERVISOR, "pgbouncer-of-tests").start();
    try {
      await("PgBouncer takes connections")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(this::takesConnections);
    } catch (ConditionTimeoutException e) {
      fail("PgBouncer did not start:\n" + Files.readString(folder.resolve("log")), e);
    }
  }

  private String configuration(String serverPort, String... settings) {
    return """
    [databases]
    * = host=127.0.0.1 port=%s
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = %d
    unix_socket_dir =
    auth_type = scram-sha-256
    auth_file = users
    """
            .formatted(serverPort, port)
        + String.join("\n", settings)
        + "\n";
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, content);
    own(file);
  }

  private static void own(Path path) throws IOException {
    if (ROOT) {
      Files.setOwner(
          path,
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
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

  private boolean takesConnections() {
    try {
      DriverManager.getConnection(url).close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** The JDBC URL of the database by way of this; it has user and password in it. */
  String url() {
    return url;
  }

  @Override
  public void close() throws IOException {
    try (OutputStream commands = supervisor.getOutputStream()) {
      commands.write("\n".getBytes(UTF_8));
    }
    try {
      if (!supervisor.waitFor(30, TimeUnit.SECONDS)) {
        fail("PgBouncer did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
