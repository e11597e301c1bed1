// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Where sessions come from: a caller's {@link DataSource}, whose pool is the caller's; or a URL,
 * with a few connections kept open between uses.
 */
abstract class Connections {
  private static final String SQLITE_URL = JdbcCredentialStore.SQLITE_URL;
  static final String POSTGRESQL_URL = "jdbc:postgresql:";

  /** Takes a session for the calling thread. */
  abstract JdbcSession take() throws SQLException;

  /** Closes a session that is not fit to be used again. */
  void discard(JdbcSession session) throws SQLException {
    session.close();
  }

  /** Takes a session back that is fit to be used again. */
  abstract void giveBack(JdbcSession session) throws SQLException;

  /** Closes what is kept open. */
  abstract void close() throws SQLException;

  /** Whether somebody has waited for a while because all connections are taken. */
  boolean areScarce() {
    return false;
  }

  /** Whether as many can be taken as are wanted. */
  boolean areUnlimited() {
    return false;
  }

  /** Returns the right that the user of this process lacks on the database's file. */
  Optional<String> missingRight() {
    return Optional.empty();
  }

  static Connections of(DataSource dataSource, TimeLimits limits) {
    return new CallersConnections(dataSource, limits);
  }

  /** Looks for the driver at once, so that a missing one is reported as such. */
  static Connections of(String url, TimeLimits limits) {
    return new OwnConnections(url, driver(url), limits, null);
  }

  /** The same, of a file that is noticed to be replaced or deleted. */
  static Connections of(String url, TimeLimits limits, SqliteFile file) {
    return new OwnConnections(url, driver(url), limits, file);
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

  /** Makes a session on a connection, which is closed if that fails. */
  static JdbcSession session(Connection connection, boolean isCallers, TimeLimits limits)
      throws SQLException {
    try {
      DatabaseKind kind = DatabaseKind.of(connection);
      ConnectionSettings settings = new ConnectionSettings(connection, isCallers);
      settings.commitEachStatement();
      kind.prepare(settings, limits);
      return new JdbcSession(connection, kind, settings, limits);
    } catch (SQLException | RuntimeException e) {
      try {
        connection.close();
      } catch (SQLException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }
}
