// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.internal.Names;
import io.github.lwm2mcreds.store.seal.KeyRing;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The table of credentials. */
final class CredentialTable {
  static final String QUERY = "SELECT endpoint, identity, role, sealed FROM lwm2m_creds_credential";

  private static final Role[] ROLES = Role.values();

  /** More than a sealed key has, and as much as is needed to notice. */
  private static final int MAX_SEALED = KeyRing.MAX_SEALED_LENGTH + 1;

  private final JdbcSession session;

  CredentialTable(JdbcSession session) {
    this.session = session;
  }

  List<SealedCredential> ofEndpoints(Collection<String> endpoints) throws SQLException {
    return session.rowsOf(
        QUERY + " WHERE endpoint",
        endpoints.stream().map(Names::bytes).toList(),
        CredentialTable::row);
  }

  List<SealedCredential> ofIdentities(Collection<PskIdentity> identities) throws SQLException {
    return session.rowsOf(
        QUERY + " WHERE identity",
        identities.stream().map(PskIdentity::toBytes).toList(),
        CredentialTable::row);
  }

  /**
   * Returns the credentials that are the current ones at a time, of endpoints behind one, in the
   * order of their bytes: where a rotation's deadline has passed, the next.
   */
  List<SealedCredential> currentAfter(String endpoint, Instant now, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(
            QUERY
                + " c WHERE endpoint > ? AND role = CASE WHEN EXISTS (SELECT 1"
                + " FROM lwm2m_creds_rotation r"
                + " WHERE r.endpoint = c.endpoint AND r.deadline <= ?) THEN 1 ELSE 0 END"
                + " ORDER BY endpoint LIMIT ?");
    query.setBytes(1, endpoint.getBytes(UTF_8));
    query.setLong(2, now.toEpochMilli());
    query.setInt(3, limit);
    return JdbcSession.rows(query, CredentialTable::row);
  }

  /** Returns credentials in either role with identities behind one, in the order of their bytes. */
  List<SealedCredential> anyAfter(byte[] identity, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(QUERY + " WHERE identity > ? ORDER BY identity LIMIT ?");
    query.setBytes(1, identity);
    query.setInt(2, limit);
    return JdbcSession.rows(query, CredentialTable::row);
  }

  /**
   * Reads the whole table as it stands at one moment, in a transaction of the caller; returns how
   * many there are.
   */
  long forEach(Consumer<SealedCredential> consumer) throws SQLException {
    if (CredentialBatches.arePossible(session)) {
      return new CredentialBatches(session, consumer).run();
    }
    long count = 0;
    try (PreparedStatement query = session.connection().prepareStatement(QUERY)) {
      query.setFetchSize(10_000); // PostgreSQL would hold the whole result in memory
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          consumer.accept(row(result));
          count++;
        }
      }
    }
    return count;
  }

  /** A sealed key may be anything: it fails when it is opened, and its row can be taken away. */
  static SealedCredential row(ResultSet result) throws SQLException {
    byte[] sealed = Columns.bytes(result, 4, "a sealed key");
    return new SealedCredential(
        Columns.endpoint(result, 1),
        Columns.identity(result, 2),
        Columns.constant(result, 3, ROLES),
        sealed.length > MAX_SEALED ? Arrays.copyOf(sealed, MAX_SEALED) : sealed);
  }

  long count(Role role) throws SQLException {
    return session.number(
        "SELECT count(*) FROM lwm2m_creds_credential WHERE role = " + role.ordinal());
  }

  /** Returns the ids of all sealing keys that something claims to be sealed by. */
  Set<Integer> sealingKeys() throws SQLException {
    Set<Integer> ids = new HashSet<>();
    try (ResultSet result =
        session
            .prepare("SELECT DISTINCT substr(sealed, 2, 4) FROM lwm2m_creds_credential")
            .executeQuery()) {
      while (result.next()) {
        byte[] id = result.getBytes(1);
        if (id != null && id.length == Integer.BYTES) {
          ids.add(ByteBuffer.wrap(id).getInt());
        }
      }
    }
    return ids;
  }

  void insert(Collection<SealedCredential> credentials) throws SQLException {
    PreparedStatement insert =
        session.prepare(
            "INSERT INTO lwm2m_creds_credential (identity, endpoint, role, sealed)"
                + " VALUES (?, ?, ?, ?)");
    for (SealedCredential credential : credentials) {
      insert.setBytes(1, credential.pskIdentity().toBytes());
      insert.setBytes(2, credential.endpoint().getBytes(UTF_8));
      insert.setInt(3, credential.role().ordinal());
      insert.setBytes(4, credential.sealed());
      insert.addBatch();
    }
    insert.executeBatch();
  }

  void delete(Collection<PskIdentity> identities) throws SQLException {
    PreparedStatement delete =
        session.prepare("DELETE FROM lwm2m_creds_credential WHERE identity = ?");
    for (PskIdentity identity : identities) {
      delete.setBytes(1, identity.toBytes());
      delete.addBatch();
    }
    delete.executeBatch();
  }

  /** Makes an endpoint's next credential its current one; it has no other any more. */
  void promote(PskIdentity identity) throws SQLException {
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_credential SET role = 0 WHERE identity = ?");
    update.setBytes(1, identity.toBytes());
    update.executeUpdate();
  }

  void reseal(Collection<SealedCredential> credentials) throws SQLException {
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_credential SET sealed = ? WHERE identity = ?");
    for (SealedCredential credential : credentials) {
      update.setBytes(1, credential.sealed());
      update.setBytes(2, credential.pskIdentity().toBytes());
      update.addBatch();
    }
    update.executeBatch();
  }
}
