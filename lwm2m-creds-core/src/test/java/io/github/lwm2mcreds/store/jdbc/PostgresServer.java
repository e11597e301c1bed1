// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.core.ConditionTimeoutException;
import org.tukaani.xz.XZInputStream;

/** A PostgreSQL server from a Maven artifact, on loopback. */
final class PostgresServer {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String USER = "test";

  private final ServerFolder folder;
  private final String data;
  private final String password;
  private final int port = ServerFolder.freePort();
  private long process;

  private PostgresServer(ServerFolder folder, String data, String password) {
    this.folder = folder;
    this.data = data;
    this.password = password;
  }

  /** Skips the running test where this platform has no PostgreSQL among the Maven artifacts. */
  static void require() {
    Peers.require(
        PostgresServer.class.getResource(ARCHIVE) != null
            && "Linux".equals(System.getProperty("os.name"))
            && "amd64".equals(System.getProperty("os.arch")),
        "a PostgreSQL for this platform is not on the class path");
  }

  /** Unpacks a server into a folder, and makes its empty data. */
  static PostgresServer make(ServerFolder folder) {
    try (InputStream archive = PostgresServer.class.getResourceAsStream(ARCHIVE)) {
      folder.run(new XZInputStream(archive), "tar", "-xf", "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PostgresServer server = new PostgresServer(folder, "data", UUID.randomUUID().toString());
    folder.append("password", server.password + "\n");
    folder.run(
        "bin/initdb",
        "-Ddata",
        "-N",
        "-U" + USER,
        "-Ascram-sha-256",
        "--pwfile=password",
        "-EUTF8",
        "--no-locale");
    return server;
  }

  /** Makes a server that follows this one, from its data; before it is started, or stopped. */
  PostgresServer standby() {
    folder.run("cp", "-a", data, "standby");
    folder.append("standby/standby.signal", "");
    folder.append(
        "standby/postgresql.auto.conf",
        "primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s'\n"
            .formatted(port, USER, password));
    return new PostgresServer(folder, "standby", password);
  }

  int port() {
    return port;
  }

  /** The user and the password, as parameters of a URL. */
  String login() {
    return "user=" + USER + "&password=" + password;
  }

  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?%s".formatted(port, database, login());
  }

  void start() {
    process =
        folder.start(
            data + ".log",
            "bin/postgres",
            "-D" + data,
            "-clisten_addresses=127.0.0.1",
            "-cport=" + port,
            "-cunix_socket_directories=",
            "-cdynamic_shared_memory_type=mmap",
            "-cfsync=off");
    try {
      await("PostgreSQL takes connections")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(this::takesConnections);
    } catch (ConditionTimeoutException e) {
      fail("PostgreSQL did not start:\n" + folder.read(data + ".log"), e);
    }
  }

  boolean takesConnections() {
    try {
      DriverManager.getConnection(url("postgres")).close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Stops the server, ending all connections; its data stays. */
  void stop() {
    folder.end(process, "INT");
  }

  /** Kills the server, as a machine's failure does. */
  void kill() {
    folder.end(process, "KILL");
  }

  void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url("postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL refuses: " + sql, e);
    }
  }

  /** Asks for one value. */
  String query(String sql) {
    try (Connection connection = DriverManager.getConnection(url("postgres"));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL refuses: " + sql, e);
    }
  }
}
