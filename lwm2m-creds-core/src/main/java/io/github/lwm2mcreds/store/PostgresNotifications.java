package io.github.lwm2mcreds.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listens, on a connection of its own, for PostgreSQL to say that the store was changed. Whatever
 * goes wrong costs speed alone, as mirrors look for changes by themselves, too.
 */
final class PostgresNotifications {
  private static final int MILLIS_A_WAIT = 1_000;

  private final Database database;
  private final Runnable onChange;
  private final Thread thread = new Thread(this::run, "lwm2m-creds-notifications");
  private volatile boolean closed;

  PostgresNotifications(Database database, Runnable onChange) {
    this.database = database;
    this.onChange = onChange;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        database.read(
            session -> {
              listen(session);
              return null;
            });
      } catch (CredentialStoreException e) {
        pause();
      }
    }
  }

  private void listen(Session session) throws SQLException {
    Connection connection = session.connection();
    if (!connection.isWrapperFor(PGConnection.class)) {
      closed = true; // another driver, of which nothing is known here
      return;
    }
    PGConnection listening = connection.unwrap(PGConnection.class);
    session.execute("LISTEN " + Transaction.CHANNEL);
    onChange.run(); // for what was changed before
    try {
      while (!closed) {
        PGNotification[] received = listening.getNotifications(MILLIS_A_WAIT);
        if (received != null && received.length > 0) {
          onChange.run();
        }
      }
    } finally {
      session.execute("UNLISTEN " + Transaction.CHANNEL);
    }
  }

  private void pause() {
    try {
      Thread.sleep(MILLIS_A_WAIT);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  void close() {
    closed = true;
    thread.interrupt();
  }
}
