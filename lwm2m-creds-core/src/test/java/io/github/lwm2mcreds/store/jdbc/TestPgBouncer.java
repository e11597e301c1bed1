// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.lwm2mcreds.Peers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A PgBouncer in front of the PostgreSQL server of the tests, with its defaults but for what a test
 * adds.
 */
final class TestPgBouncer implements AutoCloseable {
  private static final String LOG = "pgbouncer.log";
  private static final Pattern URL =
      Pattern.compile("jdbc:postgresql://127.0.0.1:(\\d+)/(\\w+)\\?user=(\\w+)&password=(.+)");

  private final ServerFolder folder;
  private final int port = ServerFolder.freePort();
  private final String url;

  /**
   * Starts one in front of a database of its own.
   *
   * @param settings lines of its configuration, such as its mode
   */
  TestPgBouncer(String... settings) {
    Peers.require("pgbouncer");
    String direct = TestPostgres.shared().newDatabase();
    Matcher parts = URL.matcher(direct);
    if (!parts.matches()) {
      fail("another URL than expected");
    }
    url = direct.replace(":" + parts.group(1) + "/", ":" + port + "/");
    folder = new ServerFolder("pgbouncer");
    folder.append("users", "\"%s\" \"%s\"\n".formatted(parts.group(3), parts.group(4)));
    folder.append("pgbouncer.ini", configuration(parts.group(1), settings));
    folder.start(LOG, "env", "PATH=/usr/sbin:/usr/bin:/bin", "pgbouncer", "pgbouncer.ini");
    try {
      await("PgBouncer takes connections")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(this::takesConnections);
    } catch (ConditionTimeoutException e) {
      fail("PgBouncer did not start:\n" + folder.read(LOG), e);
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
  public void close() {
    folder.close();
  }
}
