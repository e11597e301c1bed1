// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.seal.KeyRing.NewKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The table of wrapped sealing keys. */
final class KeyTable {
  private final JdbcSession session;

  KeyTable(JdbcSession session) {
    this.session = session;
  }

  /** Returns all wrapped keys by their ids. */
  Map<Integer, byte[]> all() throws SQLException {
    Map<Integer, byte[]> wrapped = new LinkedHashMap<>();
    try (ResultSet result =
        session.prepare("SELECT key_id, wrapped FROM lwm2m_creds_key").executeQuery()) {
      while (result.next()) {
        wrapped.put(result.getInt(1), Columns.bytes(result, 2, "a sealing key"));
      }
    }
    return wrapped;
  }

  long count() throws SQLException {
    return session.number("SELECT count(*) FROM lwm2m_creds_key");
  }

  void insert(NewKey key, long time) throws SQLException {
    PreparedStatement insert =
        session.prepare("INSERT INTO lwm2m_creds_key (key_id, wrapped, made) VALUES (?, ?, ?)");
    insert.setInt(1, key.id());
    insert.setBytes(2, key.wrapped());
    insert.setLong(3, time);
    insert.executeUpdate();
  }

  void delete(int keyId) throws SQLException {
    PreparedStatement delete = session.prepare("DELETE FROM lwm2m_creds_key WHERE key_id = ?");
    delete.setInt(1, keyId);
    delete.executeUpdate();
  }
}
