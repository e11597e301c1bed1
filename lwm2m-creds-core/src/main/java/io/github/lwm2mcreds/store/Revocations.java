package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The table of revoked endpoints and identities. */
final class Revocations {
  /** What a name in the table is; the order is that of the database's numbers. */
  enum Kind {
    ENDPOINT,
    IDENTITY
  }

  /** A row, by its name. */
  record Row(Kind kind, byte[] name, Revocation revocation) {}

  private static final String QUERY =
      "SELECT kind, name, endpoint, time, reason FROM lwm2m_creds_revocation ";

  private final Session session;

  Revocations(Session session) {
    this.session = session;
  }

  List<Row> of(Kind kind, Collection<byte[]> names) throws SQLException {
    List<Row> rows = new ArrayList<>();
    CredentialRows.chunked(
        session,
        QUERY + "WHERE kind = " + kind.ordinal() + " AND name IN ",
        names,
        result -> rows.add(row(result)));
    return rows;
  }

  /** Rows of a kind with names behind one, in the order of their bytes. */
  List<Row> after(Kind kind, byte[] name, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(QUERY + "WHERE kind = ? AND name > ? ORDER BY name LIMIT ?");
    query.setInt(1, kind.ordinal());
    query.setBytes(2, name);
    query.setInt(3, limit);
    List<Row> rows = new ArrayList<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        rows.add(row(result));
      }
    }
    return rows;
  }

  private static Row row(ResultSet result) throws SQLException {
    Kind kind = Columns.constant(result, 1, Kind.values());
    boolean isIdentity = kind == Kind.IDENTITY;
    byte[] name = isIdentity ? Columns.identity(result, 2) : Columns.endpoint(result, 2);
    return new Row(
        kind,
        name,
        new Revocation(
            new String(Columns.endpoint(result, 3), UTF_8),
            isIdentity ? Optional.of(PskIdentity.ofBytes(name)) : Optional.empty(),
            Instant.ofEpochMilli(result.getLong(4)),
            Columns.text(result, 5, "a reason")));
  }

  /** Adds a row, or leaves the one that is there as it is; tells whether it was added. */
  boolean add(Kind kind, byte[] name, byte[] endpoint, long time, String reason)
      throws SQLException {
    PreparedStatement insert =
        session.prepare(
            "INSERT INTO lwm2m_creds_revocation (kind, name, endpoint, time, reason)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, name) DO NOTHING");
    insert.setInt(1, kind.ordinal());
    insert.setBytes(2, name);
    insert.setBytes(3, endpoint);
    insert.setLong(4, time);
    insert.setString(5, reason);
    return insert.executeUpdate() > 0;
  }

  /** Deletes a row; tells whether there was one. */
  boolean delete(Kind kind, byte[] name) throws SQLException {
    PreparedStatement delete =
        session.prepare("DELETE FROM lwm2m_creds_revocation WHERE kind = ? AND name = ?");
    delete.setInt(1, kind.ordinal());
    delete.setBytes(2, name);
    return delete.executeUpdate() > 0;
  }
}
