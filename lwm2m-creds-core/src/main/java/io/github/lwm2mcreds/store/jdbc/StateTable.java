package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The table of the one row that says where a store stands. */
final class StateTable {
  /** Its name, which tells a store from another database. */
  static final String NAME = "lwm2m_creds_state";

  private static final String QUERY =
      "SELECT last_change, endpoints, next_credentials, revocations, active_key"
          + " FROM lwm2m_creds_state WHERE id = 1";

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

  private final JdbcSession session;

  StateTable(JdbcSession session) {
    this.session = session;
  }

  State read() throws SQLException {
    return read(QUERY);
  }

  /** Reads the state and keeps others from changing it until the transaction ends. */
  State lock() throws SQLException {
    return read(QUERY + session.kind().rowLock());
  }

  private State read(String sql) throws SQLException {
    try (ResultSet result = session.prepare(sql).executeQuery()) {
      if (!result.next()) {
        throw missing();
      }
      return new State(
          result.getLong(1),
          result.getLong(2),
          result.getLong(3),
          result.getLong(4),
          result.getInt(5));
    }
  }

  /** Writes all but the active key. */
  void write(State state) throws SQLException {
    PreparedStatement update =
        session.prepare(
            "UPDATE lwm2m_creds_state SET last_change = ?, endpoints = ?, next_credentials = ?,"
                + " revocations = ? WHERE id = 1");
    update.setLong(1, state.lastChange());
    update.setLong(2, state.endpoints());
    update.setLong(3, state.nextCredentials());
    update.setLong(4, state.revocations());
    update.executeUpdate();
  }

  void activate(int keyId) throws SQLException {
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_state SET active_key = ? WHERE id = 1");
    update.setInt(1, keyId);
    update.executeUpdate();
  }

  int schemaVersion() throws SQLException {
    try (ResultSet result =
        session
            .prepare("SELECT schema_version FROM lwm2m_creds_state WHERE id = 1")
            .executeQuery()) {
      if (!result.next()) {
        throw missing();
      }
      int version = result.getInt(1);
      if (version < 1) {
        throw Columns.damaged("the schema version " + version);
      }
      return version;
    }
  }

  /** Not prepared: the table may have been made in this transaction. */
  void setSchemaVersion(int version) throws SQLException {
    session.execute("UPDATE lwm2m_creds_state SET schema_version = " + version);
  }

  private static CredentialStoreException missing() {
    return new CredentialStoreException(
        Reason.CORRUPT, "the store's state is missing: restore the store from a backup");
  }
}
