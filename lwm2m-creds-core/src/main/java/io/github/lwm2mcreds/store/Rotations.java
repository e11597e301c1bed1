package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The table of rotations that have not ended. */
final class Rotations {
  private static final String QUERY =
      "SELECT r.endpoint, c.identity, n.identity, r.deadline FROM lwm2m_creds_rotation r"
          + " JOIN lwm2m_creds_credential c ON c.endpoint = r.endpoint AND c.role = 0"
          + " JOIN lwm2m_creds_credential n ON n.endpoint = r.endpoint AND n.role = 1 ";

  private final Session session;

  Rotations(Session session) {
    this.session = session;
  }

  /** Rotations of endpoints behind one, in the order of their bytes. */
  List<Rotation> after(byte[] endpoint, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(QUERY + "WHERE r.endpoint > ? ORDER BY r.endpoint LIMIT ?");
    query.setBytes(1, endpoint);
    query.setInt(2, limit);
    List<Rotation> rotations = new ArrayList<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        rotations.add(rotation(result));
      }
    }
    return rotations;
  }

  Optional<Rotation> of(byte[] endpoint) throws SQLException {
    PreparedStatement query = session.prepare(QUERY + "WHERE r.endpoint = ?");
    query.setBytes(1, endpoint);
    try (ResultSet result = query.executeQuery()) {
      return result.next() ? Optional.of(rotation(result)) : Optional.empty();
    }
  }

  private static Rotation rotation(ResultSet result) throws SQLException {
    return new Rotation(
        new String(Columns.endpoint(result, 1), UTF_8),
        PskIdentity.ofBytes(Columns.identity(result, 2)),
        PskIdentity.ofBytes(Columns.identity(result, 3)),
        Instant.ofEpochMilli(result.getLong(4)));
  }

  /** Endpoints whose deadline has passed. */
  List<byte[]> due(Instant now, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare("SELECT endpoint FROM lwm2m_creds_rotation WHERE deadline <= ? LIMIT ?");
    query.setLong(1, now.toEpochMilli());
    query.setInt(2, limit);
    List<byte[]> endpoints = new ArrayList<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        endpoints.add(Columns.endpoint(result, 1));
      }
    }
    return endpoints;
  }

  /** Those of some endpoints whose deadline has passed. */
  List<byte[]> dueOf(Collection<byte[]> endpoints, Instant now) throws SQLException {
    List<byte[]> due = new ArrayList<>();
    CredentialRows.chunked(
        session,
        "SELECT endpoint, deadline FROM lwm2m_creds_rotation WHERE endpoint IN ",
        endpoints,
        result -> {
          if (result.getLong(2) <= now.toEpochMilli()) {
            due.add(Columns.endpoint(result, 1));
          }
        });
    return due;
  }

  void put(byte[] endpoint, Instant deadline) throws SQLException {
    PreparedStatement upsert =
        session.prepare(
            "INSERT INTO lwm2m_creds_rotation (endpoint, deadline) VALUES (?, ?)"
                + " ON CONFLICT (endpoint) DO UPDATE SET deadline = excluded.deadline");
    upsert.setBytes(1, endpoint);
    upsert.setLong(2, deadline.toEpochMilli());
    upsert.executeUpdate();
  }

  boolean delete(byte[] endpoint) throws SQLException {
    PreparedStatement delete =
        session.prepare("DELETE FROM lwm2m_creds_rotation WHERE endpoint = ?");
    delete.setBytes(1, endpoint);
    return delete.executeUpdate() > 0;
  }
}
