// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Inserts many current credentials at once, but none whose endpoint or identity is there already or
 * was revoked. There is one for an import, whose batches are much alike: if one was all new, the
 * next is likely to be.
 */
final class NewCredentials {
  private static final String TABLE = "lwm2m_creds_credential";
  private static final String TARGET = TABLE + " (identity, endpoint, role, sealed)";

  private static final String INSERT =
      "INSERT INTO " + TARGET + " SELECT n.identity, n.endpoint, 0, n.sealed FROM ";

  private static final String NOT_REVOKED =
      " AND NOT EXISTS (SELECT 1 FROM lwm2m_creds_revocation r"
          + " WHERE r.kind = 0 AND r.name = n.endpoint)"
          + " AND NOT EXISTS (SELECT 1 FROM lwm2m_creds_revocation r"
          + " WHERE r.kind = 1 AND r.name = n.identity)";

  private static final String UNLESS_THERE = " ON CONFLICT DO NOTHING";

  /** How many are looked for before all are copied. */
  private static final int SAMPLE = 16;

  private boolean wereAllNew = true;

  /**
   * Inserts credentials.
   *
   * @param credentials no two of which have the same endpoint or identity
   * @param mayBeRevoked whether there are revocations
   * @return which of them were inserted
   */
  boolean[] insert(JdbcSession session, List<SealedCredential> credentials, boolean mayBeRevoked)
      throws SQLException {
    boolean[] inserted = new boolean[credentials.size()];
    if (session.kind() == DatabaseKind.POSTGRESQL
        && wereAllNew
        && !mayBeRevoked
        && copy(session, credentials)) {
      Arrays.fill(inserted, true);
      return inserted;
    }
    String revoked = mayBeRevoked ? NOT_REVOKED : "";
    Set<PskIdentity> identities =
        new HashSet<>(
            session.kind() == DatabaseKind.POSTGRESQL
                ? insertBySets(session, credentials, revoked)
                : insertByRows(session, credentials, revoked));
    for (int i = 0; i < inserted.length; i++) {
      inserted[i] = identities.contains(credentials.get(i).pskIdentity());
    }
    wereAllNew = identities.size() == inserted.length;
    return inserted;
  }

  /**
   * Copies them in, if none of them is there. One that is costs time, and leaves dead rows, so a
   * few are looked for before.
   */
  private static boolean copy(JdbcSession session, List<SealedCredential> credentials)
      throws SQLException {
    return session.copies().arePossible()
        && new CredentialTable(session).ofEndpoints(sample(credentials)).isEmpty()
        && session.copies().tryTo(TARGET, rows(credentials));
  }

  private static List<String> sample(List<SealedCredential> credentials) {
    List<String> endpoints = new ArrayList<>();
    for (int i = 0; i < credentials.size(); i += 1 + credentials.size() / SAMPLE) {
      endpoints.add(credentials.get(i).endpoint());
    }
    return endpoints;
  }

  private static CopiedRows rows(List<SealedCredential> credentials) {
    CopiedRows rows = new CopiedRows(4);
    for (SealedCredential credential : credentials) {
      rows.row()
          .add(credential.pskIdentity().toBytes())
          .add(credential.endpoint())
          .add((short) Role.CURRENT.ordinal())
          .add(credential.sealed());
    }
    return rows;
  }

  /** One message each way, however many there are. Returns the identities of those inserted. */
  private static List<PskIdentity> insertBySets(
      JdbcSession session, List<SealedCredential> credentials, String revoked) throws SQLException {
    PreparedStatement insert =
        session.prepare(
            INSERT
                + "unnest(?::bytea[], ?::bytea[], ?::bytea[])"
                + " AS n (identity, endpoint, sealed) WHERE true"
                + revoked
                + UNLESS_THERE
                + " RETURNING identity");
    session.setBytes(insert, 1, credentials, credential -> credential.pskIdentity().toBytes());
    session.setBytes(insert, 2, credentials, credential -> credential.endpoint().getBytes(UTF_8));
    session.setBytes(insert, 3, credentials, SealedCredential::sealed);
    return JdbcSession.rows(insert, result -> Columns.identity(result, 1));
  }

  /** SQLite gives each new row a higher rowid than all others have. */
  private static List<PskIdentity> insertByRows(
      JdbcSession session, List<SealedCredential> credentials, String revoked) throws SQLException {
    long last = session.number("SELECT coalesce(max(rowid), 0) FROM " + TABLE);
    ManyRows rows =
        new ManyRows(
            "WITH n (identity, endpoint, sealed) AS (VALUES %s) "
                + INSERT
                + "n WHERE true"
                + revoked
                + UNLESS_THERE,
            "(?, ?, ?)",
            3);
    if (rows.insert(session, credentials, NewCredentials::set) == credentials.size()) {
      return credentials.stream().map(SealedCredential::pskIdentity).toList();
    }
    PreparedStatement query = session.prepare("SELECT identity FROM " + TABLE + " WHERE rowid > ?");
    query.setLong(1, last);
    return JdbcSession.rows(query, result -> Columns.identity(result, 1));
  }

  private static void set(PreparedStatement insert, int first, SealedCredential credential)
      throws SQLException {
    insert.setBytes(first, credential.pskIdentity().toBytes());
    insert.setBytes(first + 1, credential.endpoint().getBytes(UTF_8));
    insert.setBytes(first + 2, credential.sealed());
  }
}
