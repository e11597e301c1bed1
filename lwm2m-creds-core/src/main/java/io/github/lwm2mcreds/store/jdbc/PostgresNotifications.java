// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.StoreEngine.Registration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listens, on a connection of its own, for PostgreSQL to say that the store was changed. Whatever
 * goes wrong costs speed alone, as mirrors look for changes by themselves, too.
 */
final class PostgresNotifications implements Registration {
  /** Listeners look into the log for what has changed, so the notifications carry nothing. */
  private static final String CHANNEL = "lwm2m_creds";

  private static final int MILLIS_A_WAIT = 1_000;

  /** How long to do without after the connection was needed more; twice as long each time. */
  private static final long FIRST_REST_MILLIS = 30_000;

  private static final long LONGEST_REST_MILLIS = 3_600_000;

  private final Database database;
  private final Runnable onChange;
  private final Thread thread = new Thread(this::run, "lwm2m-creds-notifications");
  private long restMillis = FIRST_REST_MILLIS;
  private volatile boolean closed;

  private PostgresNotifications(Database database, Runnable onChange) {
    this.database = database;
    this.onChange = onChange;
    thread.setDaemon(true);
  }

  /** Tells all who listen once the transaction is committed. */
  static void send(JdbcSession session) throws SQLException {
    PreparedStatement notify = session.prepare("SELECT pg_notify(?, '')");
    notify.setString(1, CHANNEL);
    JdbcSession.rows(notify, result -> null);
  }

  /** Starts listening, if it is a database that tells. */
  static Registration start(Database database, Runnable onChange) {
    if (database.kind() != DatabaseKind.POSTGRESQL) {
      return () -> {};
    }
    PostgresNotifications notifications = new PostgresNotifications(database, onChange);
    notifications.thread.start();
    return notifications;
  }

  private void run() {
    while (!closed) {
      try {
        database.hold(
            session -> {
              listen(session);
              return null;
            });
        rest();
      } catch (CredentialStoreException e) {
        pause(MILLIS_A_WAIT);
      }
    }
  }

  private void listen(JdbcSession session) throws SQLException {
    Connection connection = session.connection();
    if (!PostgresDriver.isOf(connection) || session.isBehindPooler()) {
      closed = true; // a session that is shared would be told what others listen for
      return;
    }
    PGConnection listening = connection.unwrap(PGConnection.class);
    session.execute("LISTEN " + CHANNEL);
    onChange.run(); // for what was changed before
    try {
      while (!closed && !database.lacksConnections()) {
        PGNotification[] received = listening.getNotifications(MILLIS_A_WAIT);
        if (received != null && received.length > 0) {
          onChange.run();
        }
      }
    } finally {
      session.execute("UNLISTEN " + CHANNEL);
      listening.getNotifications(); // what is left is not for whoever gets the connection next
    }
  }

  /** Does without for a while, since others wait for the connection. */
  private void rest() {
    if (!closed) {
      pause(restMillis);
      restMillis = Math.min(2 * restMillis, LONGEST_REST_MILLIS);
    }
  }

  private void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
