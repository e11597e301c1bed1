// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.SealedCredential;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Inserts many current credentials at once, but none whose endpoint or identity is there already or
 * was revoked.
 */
final class NewCredentials {
  private static final String INSERT =
      "INSERT INTO lwm2m_creds_credential (identity, endpoint, role, sealed) ";

  private static final String NOT_REVOKED =
      " AND NOT EXISTS (SELECT 1 FROM lwm2m_creds_revocation r"
          + " WHERE r.kind = 0 AND r.name = n.endpoint)"
          + " AND NOT EXISTS (SELECT 1 FROM lwm2m_creds_revocation r"
          + " WHERE r.kind = 1 AND r.name = n.identity)";

  private static final String UNLESS_THERE = " ON CONFLICT DO NOTHING";

  private final JdbcSession session;

  NewCredentials(JdbcSession session) {
    this.session = session;
  }

  /**
   * Inserts credentials.
   *
   * @param credentials no two of which have the same endpoint or identity
   * @param mayBeRevoked whether there are revocations
   * @return which of them were inserted
   */
  boolean[] insert(List<SealedCredential> credentials, boolean mayBeRevoked) throws SQLException {
    String revoked = mayBeRevoked ? NOT_REVOKED : "";
    return session.kind() == DatabaseKind.POSTGRESQL
        ? insertBySets(credentials, revoked)
        : insertByRows(credentials, revoked);
  }

  /** One message each way, however many there are. */
  private boolean[] insertBySets(List<SealedCredential> credentials, String revoked)
      throws SQLException {
    PreparedStatement insert =
        session.prepare(
            INSERT
                + "SELECT n.identity, n.endpoint, 0, n.sealed"
                + " FROM unnest(?::bytea[], ?::bytea[], ?::bytea[])"
                + " AS n (identity, endpoint, sealed) WHERE true"
                + revoked
                + UNLESS_THERE
                + " RETURNING identity");
    session.setBytes(insert, 1, credentials, credential -> credential.pskIdentity().toBytes());
    session.setBytes(insert, 2, credentials, credential -> credential.endpoint().getBytes(UTF_8));
    session.setBytes(insert, 3, credentials, SealedCredential::sealed);
    List<PskIdentity> inserted = JdbcSession.rows(insert, result -> Columns.identity(result, 1));
    return which(credentials, inserted);
  }

  private static boolean[] which(List<SealedCredential> credentials, List<PskIdentity> inserted) {
    boolean[] are = new boolean[credentials.size()];
    if (inserted.size() == are.length) {
      Arrays.fill(are, true);
      return are;
    }
    Set<PskIdentity> identities = new HashSet<>(inserted);
    for (int i = 0; i < are.length; i++) {
      are[i] = identities.contains(credentials.get(i).pskIdentity());
    }
    return are;
  }

  private boolean[] insertByRows(List<SealedCredential> credentials, String revoked)
      throws SQLException {
    PreparedStatement insert =
        session.prepare(
            INSERT
                + (revoked.isEmpty()
                    ? "VALUES (?, ?, 0, ?)"
                    : "SELECT n.identity, n.endpoint, 0, n.sealed FROM"
                        + " (SELECT ? AS identity, ? AS endpoint, ? AS sealed) n WHERE true"
                        + revoked)
                + UNLESS_THERE);
    for (SealedCredential credential : credentials) {
      insert.setBytes(1, credential.pskIdentity().toBytes());
      insert.setBytes(2, credential.endpoint().getBytes(UTF_8));
      insert.setBytes(3, credential.sealed());
      insert.addBatch();
    }
    int[] counts = insert.executeBatch();
    boolean[] are = new boolean[counts.length];
    for (int i = 0; i < are.length; i++) {
      are[i] = counts[i] > 0;
    }
    return are;
  }
}
