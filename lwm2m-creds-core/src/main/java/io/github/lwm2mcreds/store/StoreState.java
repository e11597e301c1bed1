package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The one row that says where a store stands.
 *
 * @param lastChange the number of the last change
 * @param endpoints how many endpoints have a credential
 * @param nextCredentials how many of them have a next one, too
 * @param revocations how many endpoints and identities were revoked
 * @param activeKey the id of the store key that seals
 */
record StoreState(
    long lastChange, long endpoints, long nextCredentials, long revocations, int activeKey) {
  private static final String QUERY =
      "SELECT last_change, endpoints, next_credentials, revocations, active_key"
          + " FROM lwm2m_creds_state WHERE id = 1";

  static StoreState read(Session session) throws SQLException {
    return read(session, QUERY);
  }

  /** Reads it and keeps others from changing it until the transaction ends. */
  static StoreState lock(Session session) throws SQLException {
    return read(session, QUERY + session.engine().rowLock());
  }

  private static StoreState read(Session session, String sql) throws SQLException {
    PreparedStatement query = session.prepare(sql);
    try (ResultSet result = query.executeQuery()) {
      if (!result.next()) {
        throw new CredentialStoreException(
            Reason.CORRUPT, "the store's state is missing: restore the store from a backup");
      }
      return new StoreState(
          result.getLong(1),
          result.getLong(2),
          result.getLong(3),
          result.getLong(4),
          result.getInt(5));
    }
  }
}
