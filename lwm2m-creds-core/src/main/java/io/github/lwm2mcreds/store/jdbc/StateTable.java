// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.jdbc.JdbcSession.RowReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The table of the one row that says where a store stands. */
final class StateTable {
  /** Its name, which tells a store from another database. */
  static final String NAME = "lwm2m_creds_state";

  private static final String COUNTS =
      "last_change, endpoints, next_credentials, revocations, active_key";

  private static final String FROM = " FROM lwm2m_creds_state WHERE id = 1";

  /**
   * Where a store stands.
   *
   * @param lastChange the number of the last change
   * @param endpoints how many endpoints have a credential
   * @param nextCredentials how many of them have a next one, too
   * @param revocations how many endpoints and identities are revoked
   * @param activeKey the id of the key that seals
   */
  record State(
      long lastChange, long endpoints, long nextCredentials, long revocations, int activeKey) {}

  /**
   * The same, for a transaction that changes it.
   *
   * @param state where the store stands
   * @param hash of the history up to the last change
   */
  record Locked(State state, HistoryHash hash) {}

  private final JdbcSession session;

  StateTable(JdbcSession session) {
    this.session = session;
  }

  /** Reads what stores of every version have. */
  State read() throws SQLException {
    return row(COUNTS, "", StateTable::state);
  }

  /** Reads the state and keeps others from changing it until the transaction ends. */
  Locked lock() throws SQLException {
    return row(
        COUNTS + ", last_hash",
        session.kind().rowLock(),
        result -> new Locked(state(result), Columns.hash(result, 6)));
  }

  /** Reads where the history ends. */
  Position end() throws SQLException {
    return row(
        "last_change, last_hash",
        "",
        result -> new Position(result.getLong(1), Columns.hash(result, 2)));
  }

  /** Reads where the history begins. */
  Position beginning() throws SQLException {
    return row("first_hash", "", result -> new Position(0, Columns.hash(result, 1)));
  }

  private static State state(ResultSet result) throws SQLException {
    return new State(
        result.getLong(1),
        result.getLong(2),
        result.getLong(3),
        result.getLong(4),
        result.getInt(5));
  }

  private <T> T row(String columns, String lock, RowReader<T> reader) throws SQLException {
    List<T> rows = JdbcSession.rows(session.prepare("SELECT " + columns + FROM + lock), reader);
    if (rows.isEmpty()) {
      throw new CredentialStoreException(
          Reason.CORRUPT, "the store's state is missing: restore the store from a backup");
    }
    return rows.get(0);
  }

  /** Writes all but the active key, and the hash of the history up to the last change. */
  void write(State state, HistoryHash hash) throws SQLException {
    PreparedStatement update =
        session.prepare(
            "UPDATE lwm2m_creds_state SET last_change = ?, endpoints = ?, next_credentials = ?,"
                + " revocations = ?, last_hash = ? WHERE id = 1");
    update.setLong(1, state.lastChange());
    update.setLong(2, state.endpoints());
    update.setLong(3, state.nextCredentials());
    update.setLong(4, state.revocations());
    update.setBytes(5, hash.toBytes());
    update.executeUpdate();
  }

  void activate(int keyId) throws SQLException {
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_state SET active_key = ? WHERE id = 1");
    update.setInt(1, keyId);
    update.executeUpdate();
  }

  int schemaVersion() throws SQLException {
    int version = row("schema_version", "", result -> result.getInt(1));
    if (version < 1) {
      throw Columns.damaged("the schema version " + version);
    }
    return version;
  }

  /** Not prepared, as nothing is that migrates. */
  void setHistory(HistoryHash first, HistoryHash last) throws SQLException {
    try (PreparedStatement update =
        session
            .connection()
            .prepareStatement(
                "UPDATE lwm2m_creds_state SET first_hash = ?, last_hash = ? WHERE id = 1")) {
      update.setBytes(1, first.toBytes());
      update.setBytes(2, last.toBytes());
      update.executeUpdate();
    }
  }

  /** Not prepared: the table may have been made in this transaction. */
  void setSchemaVersion(int version) throws SQLException {
    session.execute("UPDATE lwm2m_creds_state SET schema_version = " + version);
  }
}
