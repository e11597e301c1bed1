// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.internal.Names;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The table of revoked endpoints and identities. */
final class RevocationTable {
  /** What a name in the table is; the order is that of the database's numbers. */
  enum Kind {
    ENDPOINT,
    IDENTITY
  }

  private static final String QUERY =
      "SELECT kind, name, endpoint, time, reason FROM lwm2m_creds_revocation";

  private final JdbcSession session;

  RevocationTable(JdbcSession session) {
    this.session = session;
  }

  /** Returns the revocations of some endpoints. */
  List<Revocation> ofEndpoints(Collection<String> endpoints) throws SQLException {
    return of(Kind.ENDPOINT, endpoints.stream().map(Names::bytes).toList());
  }

  /** Returns the revocations of some identities. */
  List<Revocation> ofIdentities(Collection<PskIdentity> identities) throws SQLException {
    return of(Kind.IDENTITY, identities.stream().map(PskIdentity::toBytes).toList());
  }

  private List<Revocation> of(Kind kind, Collection<byte[]> names) throws SQLException {
    return session.rowsOf(
        QUERY + " WHERE kind = " + kind.ordinal() + " AND name",
        names,
        RevocationTable::revocation);
  }

  /** Returns revocations of a kind with names behind one, in the order of their bytes. */
  List<Revocation> after(Kind kind, byte[] name, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(QUERY + " WHERE kind = ? AND name > ? ORDER BY name LIMIT ?");
    query.setInt(1, kind.ordinal());
    query.setBytes(2, name);
    query.setInt(3, limit);
    return JdbcSession.rows(query, RevocationTable::revocation);
  }

  /** Returns the name by which a revocation lies in the table. */
  static byte[] nameOf(Revocation revocation) {
    return revocation
        .pskIdentity()
        .map(PskIdentity::toBytes)
        .orElseGet(() -> revocation.endpoint().getBytes(UTF_8));
  }

  private static Revocation revocation(ResultSet result) throws SQLException {
    boolean isIdentity = Columns.constant(result, 1, Kind.values()) == Kind.IDENTITY;
    return new Revocation(
        Columns.endpoint(result, isIdentity ? 3 : 2),
        isIdentity ? Optional.of(Columns.identity(result, 2)) : Optional.empty(),
        Instant.ofEpochMilli(result.getLong(4)),
        Columns.text(result, 5, "a reason"));
  }

  long count() throws SQLException {
    return session.number(
        "SELECT count(*) FROM lwm2m_creds_revocation WHERE kind IN (0, 1) AND length(name) > 0");
  }

  /** Adds a revocation, unless it is there; returns whether it was added. */
  boolean add(Revocation revocation) throws SQLException {
    PreparedStatement insert =
        session.prepare(
            "INSERT INTO lwm2m_creds_revocation (kind, name, endpoint, time, reason)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, name) DO NOTHING");
    boolean isIdentity = revocation.pskIdentity().isPresent();
    insert.setInt(1, (isIdentity ? Kind.IDENTITY : Kind.ENDPOINT).ordinal());
    insert.setBytes(2, nameOf(revocation));
    insert.setBytes(3, revocation.endpoint().getBytes(UTF_8));
    insert.setLong(4, revocation.time().toEpochMilli());
    insert.setString(5, revocation.reason());
    return insert.executeUpdate() > 0;
  }

  /** Deletes an endpoint's revocation; returns whether there was one. */
  boolean delete(String endpoint) throws SQLException {
    return delete(Kind.ENDPOINT, endpoint.getBytes(UTF_8));
  }

  /** Deletes an identity's revocation; returns whether there was one. */
  boolean delete(PskIdentity pskIdentity) throws SQLException {
    return delete(Kind.IDENTITY, pskIdentity.toBytes());
  }

  private boolean delete(Kind kind, byte[] name) throws SQLException {
    PreparedStatement delete =
        session.prepare("DELETE FROM lwm2m_creds_revocation WHERE kind = ? AND name = ?");
    delete.setInt(1, kind.ordinal());
    delete.setBytes(2, name);
    return delete.executeUpdate() > 0;
  }
}
