// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.SessionLedger.Saved;
import io.github.lwm2mcreds.store.SessionLedger.Term;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The table of servers that save their sessions: a row for each, with its newest file. */
final class SessionTable {
  static final String CREATE =
      """
      CREATE TABLE lwm2m_creds_sessions (
        server BYTEA NOT NULL PRIMARY KEY,
        term BIGINT NOT NULL,
        file BIGINT NOT NULL,
        time BIGINT NOT NULL)\
      """;

  /**
   * Where a server stands.
   *
   * @param term which goes on now
   * @param file the number of the newest file
   * @param time when that was saved or, if the term is newer, loaded
   */
  record Row(long term, long file, Instant time) {}

  private final JdbcSession session;

  SessionTable(JdbcSession session) {
    this.session = session;
  }

  /** Reads a row and keeps others from changing it until the transaction ends. */
  Optional<Row> lock(UUID server) throws SQLException {
    PreparedStatement query =
        session.prepare(
            "SELECT term, file, time FROM lwm2m_creds_sessions WHERE server = ?"
                + session.kind().rowLock());
    query.setBytes(1, bytes(server));
    return JdbcSession.rows(
            query,
            result ->
                new Row(
                    result.getLong(1), result.getLong(2), Instant.ofEpochMilli(result.getLong(3))))
        .stream()
        .findAny();
  }

  void insert(Term term, Instant now) throws SQLException {
    PreparedStatement insert =
        session.prepare(
            "INSERT INTO lwm2m_creds_sessions (server, term, file, time) VALUES (?, ?, 0, ?)");
    insert.setBytes(1, bytes(term.server()));
    insert.setLong(2, term.number());
    insert.setLong(3, now.toEpochMilli());
    insert.executeUpdate();
  }

  /** Sets a server's term and newest file. */
  void update(Term term, Saved newest, Instant now) throws SQLException {
    PreparedStatement update =
        session.prepare(
            "UPDATE lwm2m_creds_sessions SET term = ?, file = ?, time = ? WHERE server = ?");
    update.setLong(1, term.number());
    update.setLong(2, newest.number());
    update.setLong(3, now.toEpochMilli());
    update.setBytes(4, bytes(term.server()));
    update.executeUpdate();
  }

  /** Forgets servers that have not saved for long; their files are refused from then on. */
  void deleteOlderThan(Instant time) throws SQLException {
    PreparedStatement delete = session.prepare("DELETE FROM lwm2m_creds_sessions WHERE time < ?");
    delete.setLong(1, time.toEpochMilli());
    delete.executeUpdate();
  }

  private static byte[] bytes(UUID server) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(server.getMostSignificantBits())
        .putLong(server.getLeastSignificantBits())
        .array();
  }
}
