// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A PostgreSQL server under Patroni, on loopback. */
final class PatroniNode {
  private static final String USER = "postgres";

  /** The shortest lease that Patroni's documentation allows, and two rounds and retries in it. */
  private static final String CONFIGURATION =
      """
      scope: lwm2m-creds
      name: NODE
      restapi:
        listen: 127.0.0.1:REST
        connect_address: 127.0.0.1:REST
      etcd3:
        hosts: 127.0.0.1:ETCD
      bootstrap:
        dcs:
          ttl: 20
          loop_wait: 5
          retry_timeout: 5
          synchronous_mode: SYNCHRONOUS
          postgresql:
            use_pg_rewind: true
        initdb: [encoding: UTF8, no-locale]
      postgresql:
        listen: 127.0.0.1:PORT
        connect_address: 127.0.0.1:PORT
        data_dir: NODE
        bin_dir: PROGRAMS
        pgpass: NODE.pass
        pg_hba:
        - host all all 127.0.0.1/32 scram-sha-256
        - host replication all 127.0.0.1/32 scram-sha-256
        authentication:
          superuser: {username: USER, password: PASSWORD}
          replication: {username: replicator, password: PASSWORD}
        parameters:
          unix_socket_directories: ''
          dynamic_shared_memory_type: mmap
      watchdog:
        mode: off
      """;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ServerFolder folder;
  private final String name;
  private final String password;
  private final int port = ServerFolder.freePort();
  private final int restPort = ServerFolder.freePort();
  private long patroni;
  private boolean killed;

  PatroniNode(ServerFolder folder, String name, String password) {
    this.folder = folder;
    this.name = name;
    this.password = password;
  }

  int port() {
    return port;
  }

  /** The user and the password, as parameters of a URL. */
  String login() {
    return "user=" + USER + "&password=" + password;
  }

  void configure(Path programs, int etcd, boolean synchronous) {
    folder.append(
        name + ".yml",
        CONFIGURATION
            .replace("NODE", name)
            .replace("REST", "" + restPort)
            .replace("ETCD", "" + etcd)
            .replace("SYNCHRONOUS", "" + synchronous)
            .replace("PORT", "" + port)
            .replace("PROGRAMS", programs.toString())
            .replace("USER", USER)
            .replace("PASSWORD", password));
  }

  void start() {
    patroni = folder.start(name + ".log", "patroni", name + ".yml");
    killed = false;
  }

  /** Kills Patroni, which would start PostgreSQL again, and then PostgreSQL. */
  void kill() {
    long postgres = Long.parseLong(folder.read(name + "/postmaster.pid").lines().findFirst().get());
    folder.end(patroni, "KILL");
    folder.kill(postgres);
    killed = true;
  }

  boolean isKilled() {
    return killed;
  }

  /** Whether this server leads, and another streams what is committed. */
  boolean leads() {
    return isAnswered("/primary")
        && isTrue("SELECT count(*) > 0 FROM pg_stat_replication WHERE state = 'streaming'");
  }

  /** Whether this server follows; if it is to be synchronously, so that it may lead next. */
  boolean follows(boolean synchronously) {
    return isAnswered(synchronously ? "/synchronous" : "/replica");
  }

  /** Patroni answers with 200 where a server is what was asked for. */
  private boolean isAnswered(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isTrue(String query) {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?" + login());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getBoolean(1);
    } catch (SQLException e) {
      return false;
    }
  }
}
