// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

/** The PostgreSQL server that the tests of a JVM share. */
public final class TestPostgres {
  private static TestPostgres shared;

  private final PostgresServer server;
  private int databases;

  /** The server that all tests share; the first call starts it. */
  public static synchronized TestPostgres shared() {
    PostgresServer.require();
    if (shared == null) {
      shared = new TestPostgres(PostgresServer.make(new ServerFolder("postgres")));
    }
    return shared;
  }

  private TestPostgres(PostgresServer server) {
    this.server = server;
    server.start();
  }

  /** Makes an empty database, whose JDBC URL it gives; that has user and password in it. */
  public synchronized String newDatabase() {
    String name = "test" + ++databases;
    server.execute("CREATE DATABASE " + name);
    return server.url(name);
  }

  /** Starts the server again after {@link #stop}, at the same port with the same databases. */
  public synchronized void start() {
    server.start();
  }

  /**
   * Stops the server, ending all connections; {@link #start} has to follow before the test ends.
   */
  public synchronized void stop() {
    server.stop();
  }

  @Override
  public String toString() {
    return "TestPostgres[port=" + server.port() + "]";
  }
}
