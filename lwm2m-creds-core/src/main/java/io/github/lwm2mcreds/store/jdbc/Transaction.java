// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.SealedCredential;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One change of a store, in a database transaction: holds the lock on the store's state, numbers
 * and logs what is done, and knows which credentials were retired by it.
 */
final class Transaction {
  private final JdbcSession session;
  private final String actor;
  private final Instant now;
  private final StateTable.State state;
  private final List<RetiredCredential> retired = new ArrayList<>();
  private final List<AuditEntry> logged = new ArrayList<>();
  private HistoryHash last;
  private long endpoints;
  private long nextCredentials;
  private long revocations;

  private Transaction(JdbcSession session, String actor, Instant now, StateTable.Locked locked) {
    this.session = session;
    this.actor = actor;
    this.now = now;
    this.state = locked.state();
    this.last = locked.hash();
    this.endpoints = state.endpoints();
    this.nextCredentials = state.nextCredentials();
    this.revocations = state.revocations();
  }

  /** Begins in a session that has begun a transaction. */
  static Transaction begin(JdbcSession session, String actor, Instant now) throws SQLException {
    return new Transaction(session, actor, now, new StateTable(session).lock());
  }

  JdbcSession session() {
    return session;
  }

  Instant now() {
    return now;
  }

  int activeKey() {
    return state.activeKey();
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

  boolean hasLogged() {
    return !logged.isEmpty();
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
  void retire(
      SealedCredential credential, Cause cause, Optional<KeyCheckValue> checkValue, String reason) {
    retire(credential.endpoint(), credential.pskIdentity(), cause, checkValue, reason);
  }

  /** Logs that an identity is no longer good. */
  void retire(
      String endpoint,
      PskIdentity pskIdentity,
      Cause cause,
      Optional<KeyCheckValue> checkValue,
      String reason) {
    Action action =
        switch (cause) {
          case REPLACED -> Action.REPLACED;
          case REMOVED -> Action.REMOVED;
          case REVOKED -> Action.REVOKED;
        };
    log(action, endpoint, Optional.of(pskIdentity), checkValue, reason);
    retired.add(new RetiredCredential(endpoint, pskIdentity, cause));
  }

  /** Logs a change. */
  void log(
      Action action,
      String endpoint,
      Optional<PskIdentity> pskIdentity,
      Optional<KeyCheckValue> checkValue,
      String reason) {
    AuditEntry entry =
        new AuditEntry(
            state.lastChange() + logged.size() + 1,
            now,
            actor,
            action,
            endpoint,
            pskIdentity,
            checkValue.map(KeyCheckValue::toString),
            reason,
            last);
    logged.add(entry.behind(last));
    last = logged.get(logged.size() - 1).hash();
  }

  /** Writes what was logged and counted; to be committed then. */
  void end() throws SQLException {
    if (logged.isEmpty()) {
      return;
    }
    new AuditTable(session).insert(logged);
    new StateTable(session)
        .write(
            new StateTable.State(
                state.lastChange() + logged.size(),
                endpoints,
                nextCredentials,
                revocations,
                state.activeKey()),
            last);
    if (session.kind() == DatabaseKind.POSTGRESQL) {
      PostgresNotifications.send(session);
    }
  }
}
