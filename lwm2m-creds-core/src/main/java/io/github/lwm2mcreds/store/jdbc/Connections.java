package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import javax.sql.DataSource;

/**
 * Where sessions come from: a caller's {@link DataSource}, whose pool is the caller's; or a URL,
 * with a few connections kept open between uses.
 */
abstract class Connections {
  private static final String SQLITE_URL = "jdbc:sqlite:";
  private static final String POSTGRESQL_URL = "jdbc:postgresql:";
  private static final int SECONDS_TO_ANSWER = 5;
  private static final long TRUSTED_NANOS = 1_000_000_000L;

  /** Takes a session for the calling thread. */
  abstract JdbcSession take() throws SQLException;

  /** Takes a session back that is fit to be used again. */
  abstract void giveBack(JdbcSession session) throws SQLException;

  /** Closes what is kept open. */
  abstract void close() throws SQLException;

  static Connections of(DataSource dataSource, Duration lockTimeout) {
    return new Foreign(dataSource, lockTimeout);
  }

  /** Looks for the driver at once, so that a missing one is reported as such. */
  static Connections of(String url, Duration lockTimeout) {
    return new Own(url, driver(url), lockTimeout, null);
  }

  /** The same, of a file that is noticed to be replaced or deleted. */
  static Connections of(String url, Duration lockTimeout, SqliteFile file) {
    return new Own(url, driver(url), lockTimeout, file);
  }

  static Driver driver(String url) {
    String[] known =
        url.startsWith(SQLITE_URL)
            ? new String[] {"org.sqlite.JDBC", "org.xerial:sqlite-jdbc"}
            : url.startsWith(POSTGRESQL_URL)
                ? new String[] {"org.postgresql.Driver", "org.postgresql:postgresql"}
                : null;
    if (known == null) {
      throw new IllegalArgumentException(
          "a store's URL begins with " + SQLITE_URL + " or " + POSTGRESQL_URL);
    }
    try {
      Class.forName(known[0]);
      return DriverManager.getDriver(url);
    } catch (SQLException e) {
      throw new IllegalArgumentException("the driver does not take the store's URL", e);
    } catch (ClassNotFoundException e) {
      throw new CredentialStoreException(
          Reason.LIBRARY_MISSING,
          "the driver for "
              + url.substring(0, url.indexOf(':', 5))
              + " is not on the class path:"
              + " add "
              + known[1],
          e);
    }
  }

  private static JdbcSession session(Connection connection, Duration lockTimeout)
      throws SQLException {
    try {
      String product = connection.getMetaData().getDatabaseProductName();
      switch (product) {
        case "SQLite" -> {
          JdbcSession session = new JdbcSession(connection, DatabaseKind.SQLITE);
          session.execute("PRAGMA busy_timeout = " + lockTimeout.toMillis());
          session.execute("PRAGMA synchronous = FULL");
          session.execute("PRAGMA temp_store = MEMORY");
          return session;
        }
        case "PostgreSQL" -> {
          connection.setAutoCommit(true);
          return new JdbcSession(connection, DatabaseKind.POSTGRESQL);
        }
        default ->
            throw new IllegalArgumentException(
                "stores live in SQLite or PostgreSQL, not in " + product);
      }
    } catch (SQLException | RuntimeException e) {
      try {
        connection.close();
      } catch (SQLException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private static final class Foreign extends Connections {
    private final DataSource dataSource;
    private final Duration lockTimeout;

    Foreign(DataSource dataSource, Duration lockTimeout) {
      this.dataSource = dataSource;
      this.lockTimeout = lockTimeout;
    }

    @Override
    JdbcSession take() throws SQLException {
      return session(dataSource.getConnection(), lockTimeout);
    }

    @Override
    void giveBack(JdbcSession session) throws SQLException {
      session.close();
    }

    @Override
    void close() {
      // the pool is the caller's
    }
  }

  private static final class Own extends Connections {
    private static final int MAX_IDLE = 4;

    private record Idle(JdbcSession session, long since) {}

    private final String url;
    private final Driver driver;
    private final Duration lockTimeout;
    private final SqliteFile file;
    private final Object fileKey;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private boolean closed;

    Own(String url, Driver driver, Duration lockTimeout, SqliteFile file) {
      this.url = url;
      this.driver = driver;
      this.lockTimeout = lockTimeout;
      this.file = file;
      this.fileKey = file == null ? null : file.key();
    }

    @Override
    JdbcSession take() throws SQLException {
      if (file != null) {
        file.requireSame(fileKey);
      }
      for (Idle next = nextIdle(); next != null; next = nextIdle()) {
        if (isAlive(next)) {
          return next.session;
        }
        next.session.close();
      }
      return session(driver.connect(url, properties()), lockTimeout);
    }

    /** Time-outs and the like, over which those in the URL prevail. */
    private Properties properties() {
      Properties properties = new Properties();
      if (url.startsWith(POSTGRESQL_URL)) {
        properties.setProperty("ApplicationName", "lwm2m-creds");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("logServerErrorDetail", "false"); // it would have rows in it
        properties.setProperty("options", "-c lock_timeout=" + lockTimeout.toMillis());
      }
      return properties;
    }

    /** The one used last: the others may be closed by whoever is between. */
    private synchronized Idle nextIdle() {
      return idle.pollFirst();
    }

    /** A server may have been restarted meanwhile; with a file there is nothing in between. */
    private static boolean isAlive(Idle idle) throws SQLException {
      return idle.session.kind() == DatabaseKind.SQLITE
          || System.nanoTime() - idle.since < TRUSTED_NANOS
          || idle.session.connection().isValid(SECONDS_TO_ANSWER);
    }

    @Override
    void giveBack(JdbcSession session) throws SQLException {
      synchronized (this) {
        if (!closed && idle.size() < MAX_IDLE) {
          idle.addFirst(new Idle(session, System.nanoTime()));
          return;
        }
      }
      session.close();
    }

    @Override
    synchronized void close() throws SQLException {
      closed = true;
      while (!idle.isEmpty()) {
        idle.pollFirst().session.close();
      }
    }
  }
}
