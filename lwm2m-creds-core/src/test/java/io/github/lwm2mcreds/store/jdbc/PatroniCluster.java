// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Two PostgreSQL servers under Patroni, which agree on a leader through an etcd; all from packages
 * of the machine's.
 */
public final class PatroniCluster implements AutoCloseable {
  private static final String DATABASE = "fleet";
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ServerFolder folder;
  private final String password = UUID.randomUUID().toString();
  private final int etcd = ServerFolder.freePort();
  private final boolean synchronous;
  private final List<PatroniNode> nodes;

  /** Starts all, and makes an empty database. */
  public PatroniCluster(boolean synchronous) {
    Peers.require("patroni");
    Peers.require("etcd");
    Optional<Path> programs = programs();
    Peers.require(programs.isPresent(), "a PostgreSQL with pg_rewind is not in " + VERSIONS);
    this.synchronous = synchronous;
    folder = new ServerFolder("patroni");
    try {
      startEtcd();
      nodes =
          Stream.of("node1", "node2").map(name -> new PatroniNode(folder, name, password)).toList();
      for (PatroniNode node : nodes) {
        node.configure(programs.get(), etcd, synchronous);
        node.start();
      }
      awaitWhole();
      createDatabase();
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /** The newest version that has what a fallen leader needs to come back as a follower. */
  private static Optional<Path> programs() {
    if (!Files.isDirectory(VERSIONS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("pg_rewind")))
          .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
          .max(Comparator.comparingInt(PatroniCluster::version));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int version(Path bin) {
    return Integer.parseInt(bin.getParent().getFileName().toString());
  }

  private void startEtcd() {
    String clients = "http://127.0.0.1:" + etcd;
    String peers = "http://127.0.0.1:" + ServerFolder.freePort();
    folder.start(
        "etcd.log",
        "etcd",
        "--name=etcd",
        "--data-dir=etcd",
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=etcd=" + peers);
  }

  private void createDatabase() {
    try (Connection connection =
            DriverManager.getConnection(url("postgres") + "&targetServerType=primary");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make a database", e);
    }
  }

  /** A JDBC URL that names both servers, and finds the leader. */
  public String url() {
    return url(DATABASE);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?%s"
        .formatted(nodes.get(0).port(), nodes.get(1).port(), database, nodes.get(0).login());
  }

  /** Waits until one server leads and the other follows; synchronously, if that is asked for. */
  public void awaitWhole() {
    try {
      await("a leader and a follower").atMost(PATIENCE).until(this::isWhole);
    } catch (ConditionTimeoutException e) {
      fail("Patroni's cluster is not whole:\n" + logs(), e);
    }
  }

  private boolean isWhole() {
    return nodes.stream().anyMatch(PatroniNode::leads)
        && nodes.stream().anyMatch(node -> node.follows(synchronous));
  }

  private String logs() {
    return folder.read("node1.log") + "\n\n" + folder.read("node2.log");
  }

  /** Kills the leader, PostgreSQL and Patroni, as a machine's failure does. */
  public void killLeader() {
    nodes.stream().filter(PatroniNode::leads).findAny().orElseThrow().kill();
  }

  /** Starts the server that was killed. */
  public void restart() {
    nodes.stream().filter(PatroniNode::isKilled).forEach(PatroniNode::start);
  }

  @Override
  public void close() {
    folder.close();
  }
}
