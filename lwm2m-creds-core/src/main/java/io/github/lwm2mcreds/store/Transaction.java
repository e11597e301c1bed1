package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * One change of a store, in a database transaction: holds the lock on the store's state, numbers
 * and logs what is done, and knows which credentials were retired by it.
 */
final class Transaction {
  /** The text of PostgreSQL's notifications; listeners look into the log for what has changed. */
  static final String CHANNEL = "lwm2m_creds";

  private final Session session;
  private final String actor;
  private final long now;
  private final List<RetiredCredential> retired = new ArrayList<>();
  private final int activeKey;
  private long lastChange;
  private long endpoints;
  private long nextCredentials;
  private long revocations;
  private int logged;

  private PreparedStatement log;

  private Transaction(Session session, String actor, long now, StoreState state) {
    this.session = session;
    this.actor = actor;
    this.now = now;
    this.activeKey = state.activeKey();
    this.lastChange = state.lastChange();
    this.endpoints = state.endpoints();
    this.nextCredentials = state.nextCredentials();
    this.revocations = state.revocations();
  }

  /** Begins in a session that has begun a transaction. */
  static Transaction begin(Session session, String actor, long now) throws SQLException {
    return new Transaction(session, actor, now, StoreState.lock(session));
  }

  Session session() {
    return session;
  }

  long now() {
    return now;
  }

  int activeKey() {
    return activeKey;
  }

  boolean hasNextCredentials() {
    return nextCredentials > 0;
  }

  boolean hasRevocations() {
    return revocations > 0;
  }

  List<RetiredCredential> retired() {
    return retired;
  }

  void countEndpoints(int more) {
    endpoints += more;
  }

  void countNextCredentials(int more) {
    nextCredentials += more;
  }

  void countRevocations(int more) {
    revocations += more;
  }

  /** Logs that a credential is no longer good. */
  void retire(CredentialRow row, Cause cause, KeyCheckValue checkValue, String reason)
      throws SQLException {
    Action action =
        switch (cause) {
          case REPLACED -> Action.REPLACED;
          case REMOVED -> Action.REMOVED;
          case REVOKED -> Action.REVOKED;
        };
    log(action, row.endpoint(), row.identity(), checkValue, reason);
    retired.add(
        new RetiredCredential(
            new String(row.endpoint(), UTF_8), PskIdentity.ofBytes(row.identity()), cause));
  }

  /** Logs a change; identity and check value may be null. */
  void log(Action action, byte[] endpoint, byte[] identity, KeyCheckValue checkValue, String reason)
      throws SQLException {
    if (log == null) {
      log =
          session.prepare(
              "INSERT INTO lwm2m_creds_audit"
                  + " (number, time, actor, action, endpoint, identity, check_value, reason)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
      log.clearBatch(); // of a transaction that was rolled back
    }
    lastChange++;
    logged++;
    log.setLong(1, lastChange);
    log.setLong(2, now);
    log.setString(3, actor);
    log.setString(4, action.name());
    log.setBytes(5, endpoint);
    log.setBytes(6, identity);
    if (checkValue == null) {
      log.setNull(7, Types.VARCHAR);
    } else {
      log.setString(7, checkValue.toString());
    }
    log.setString(8, reason);
    log.addBatch();
  }

  /** Writes what was logged and counted; to be committed then. */
  void end() throws SQLException {
    if (logged == 0) {
      return;
    }
    log.executeBatch();
    PreparedStatement update =
        session.prepare(
            "UPDATE lwm2m_creds_state SET last_change = ?, endpoints = ?, next_credentials = ?,"
                + " revocations = ? WHERE id = 1");
    update.setLong(1, lastChange);
    update.setLong(2, endpoints);
    update.setLong(3, nextCredentials);
    update.setLong(4, revocations);
    update.executeUpdate();
    if (session.engine() == Engine.POSTGRESQL) {
      PreparedStatement notify = session.prepare("SELECT pg_notify(?, '')");
      notify.setString(1, CHANNEL);
      try (ResultSet result = notify.executeQuery()) {
        result.next();
      }
    }
  }
}
