// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.internal.Names;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** The table of rotations that have not ended. */
final class RotationTable {
  private static final String QUERY =
      "SELECT r.endpoint, c.identity, n.identity, r.deadline FROM lwm2m_creds_rotation r"
          + " JOIN lwm2m_creds_credential c ON c.endpoint = r.endpoint AND c.role = 0"
          + " JOIN lwm2m_creds_credential n ON n.endpoint = r.endpoint AND n.role = 1";

  private final JdbcSession session;

  RotationTable(JdbcSession session) {
    this.session = session;
  }

  /** Returns rotations of endpoints behind one, in the order of their bytes. */
  List<Rotation> after(String endpoint, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(QUERY + " WHERE r.endpoint > ? ORDER BY r.endpoint LIMIT ?");
    query.setBytes(1, endpoint.getBytes(UTF_8));
    query.setInt(2, limit);
    return JdbcSession.rows(query, RotationTable::rotation);
  }

  List<Rotation> all() throws SQLException {
    return JdbcSession.rows(session.prepare(QUERY), RotationTable::rotation);
  }

  List<Rotation> of(Collection<String> endpoints) throws SQLException {
    return session.rowsOf(
        QUERY + " WHERE r.endpoint",
        endpoints.stream().map(Names::bytes).toList(),
        RotationTable::rotation);
  }

  private static Rotation rotation(ResultSet result) throws SQLException {
    return new Rotation(
        Columns.endpoint(result, 1),
        Columns.identity(result, 2),
        Columns.identity(result, 3),
        Instant.ofEpochMilli(result.getLong(4)));
  }

  /** Returns endpoints whose deadline has passed. */
  List<String> due(Instant now, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare("SELECT endpoint FROM lwm2m_creds_rotation WHERE deadline <= ? LIMIT ?");
    query.setLong(1, now.toEpochMilli());
    query.setInt(2, limit);
    return JdbcSession.rows(query, result -> Columns.endpoint(result, 1));
  }

  /** Returns those of some endpoints whose deadline has passed. */
  List<String> dueOf(Collection<String> endpoints, Instant now) throws SQLException {
    return session
        .rowsOf(
            "SELECT endpoint, deadline FROM lwm2m_creds_rotation WHERE endpoint",
            endpoints.stream().map(Names::bytes).toList(),
            result -> result.getLong(2) <= now.toEpochMilli() ? Columns.endpoint(result, 1) : null)
        .stream()
        .filter(Objects::nonNull)
        .toList();
  }

  /** Counts the rotations that have a next credential, as all should. */
  long count() throws SQLException {
    return session.number(
        "SELECT count(*) FROM lwm2m_creds_rotation r"
            + " WHERE EXISTS (SELECT 1 FROM lwm2m_creds_credential c"
            + " WHERE c.endpoint = r.endpoint AND c.role = 1)");
  }

  void put(String endpoint, Instant deadline) throws SQLException {
    PreparedStatement upsert =
        session.prepare(
            "INSERT INTO lwm2m_creds_rotation (endpoint, deadline) VALUES (?, ?)"
                + " ON CONFLICT (endpoint) DO UPDATE SET deadline = excluded.deadline");
    upsert.setBytes(1, endpoint.getBytes(UTF_8));
    upsert.setLong(2, deadline.toEpochMilli());
    upsert.executeUpdate();
  }

  void delete(String endpoint) throws SQLException {
    PreparedStatement delete =
        session.prepare("DELETE FROM lwm2m_creds_rotation WHERE endpoint = ?");
    delete.setBytes(1, endpoint.getBytes(UTF_8));
    delete.executeUpdate();
  }
}
