// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/** Connections to a URL, a few of which are kept open between uses. */
final class OwnConnections extends Connections {
  private static final int SECONDS_TO_ANSWER = 5;
  private static final long TRUSTED_NANOS = 1_000_000_000L;
  private static final int MAX_IDLE = 4;

  private static final Pattern SEVERAL_HOSTS = Pattern.compile("^[^/]+//[^/?]*,");

  private record Idle(JdbcSession session, long since) {}

  private final String url;
  private final Driver driver;
  private final TimeLimits limits;
  private final SqliteFile file;
  private final Object fileKey;
  private final OpenLog log;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private boolean closed;

  OwnConnections(String url, Driver driver, TimeLimits limits, SqliteFile file) {
    this.url = url;
    this.driver = driver;
    this.limits = limits;
    this.file = file;
    this.fileKey = file == null ? null : file.key();
    this.log = file == null ? null : new OpenLog(file);
  }

  @Override
  JdbcSession take() throws SQLException {
    if (file != null) {
      file.requireSame(fileKey);
      log.require();
    }
    for (Idle next = nextIdle(); next != null; next = nextIdle()) {
      if (isAlive(next)) {
        return next.session;
      }
      next.session.close();
    }
    JdbcSession made = session(driver.connect(url, properties()), false, limits);
    if (log != null) {
      log.opened();
    }
    return made;
  }

  /**
   * What has to be known when a connection is made; the URL's own parameters prevail. Nothing is
   * asked of the server here: a pooler refuses what it does not know.
   */
  private Properties properties() {
    Properties properties = new Properties();
    if (url.startsWith(POSTGRESQL_URL)) {
      properties.setProperty("ApplicationName", "lwm2m-creds");
      properties.setProperty("connectTimeout", "5");
      properties.setProperty("socketTimeout", String.valueOf(limits.network().toSeconds()));
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("logServerErrorDetail", "false"); // it would have rows in it
      if (SEVERAL_HOSTS.matcher(url).find()) {
        properties.setProperty("targetServerType", "primary"); // a standby may be behind
      }
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
  boolean areUnlimited() {
    return file != null;
  }

  @Override
  Optional<String> missingRight() {
    return Optional.ofNullable(file).flatMap(SqliteFile::missingRight);
  }

  @Override
  void giveBack(JdbcSession session) throws SQLException {
    if (log != null) {
      log.used();
    }
    synchronized (this) {
      if (!closed && idle.size() < MAX_IDLE) {
        idle.addFirst(new Idle(session, System.nanoTime()));
        return;
      }
    }
    discard(session);
  }

  @Override
  void discard(JdbcSession session) throws SQLException {
    if (log == null || log.mayClose(List.of(session))) {
      session.close();
    }
  }

  @Override
  synchronized void close() throws SQLException {
    closed = true;
    List<JdbcSession> sessions = idle.stream().map(Idle::session).toList();
    idle.clear();
    if (log == null || log.mayClose(sessions)) {
      for (JdbcSession session : sessions) {
        session.close();
      }
    }
  }
}
