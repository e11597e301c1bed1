package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.store.CredentialRow.Role;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** The table of credentials. */
final class CredentialRows {
  private static final String COLUMNS = "SELECT endpoint, identity, role, sealed";
  private static final String FROM = " FROM lwm2m_creds_credential ";

  /** How many names a query asks for: one, or as many as there are of a batch, padded. */
  private static final int[] CHUNKS = {1, 16, 256};

  private static final Role[] ROLES = Role.values();

  /** More than a sealed key has, and as much as is needed to notice. */
  private static final int MAX_SEALED = KeySealer.OVERHEAD + PreSharedKey.MAX_LENGTH + 1;

  private final Session session;

  CredentialRows(Session session) {
    this.session = session;
  }

  List<CredentialRow> ofEndpoints(Collection<byte[]> endpoints) throws SQLException {
    return in("endpoint", endpoints);
  }

  List<CredentialRow> ofIdentities(Collection<byte[]> identities) throws SQLException {
    return in("identity", identities);
  }

  private List<CredentialRow> in(String column, Collection<byte[]> names) throws SQLException {
    List<CredentialRow> rows = new ArrayList<>();
    chunked(
        session,
        COLUMNS + FROM + "WHERE " + column + " IN ",
        names,
        result -> rows.add(row(result)));
    return rows;
  }

  /** What is done with each row of a result. */
  interface RowReader {
    void read(ResultSet result) throws SQLException;
  }

  /**
   * Asks for many names at once. The last name pads a chunk, so that few different statements do.
   */
  static void chunked(
      Session session, String beforeList, Collection<byte[]> names, RowReader reader)
      throws SQLException {
    Iterator<byte[]> iterator = names.iterator();
    for (int left = names.size(); left > 0; ) {
      int size = chunk(left);
      PreparedStatement query = session.prepare(beforeList + "(?" + ", ?".repeat(size - 1) + ")");
      byte[] name = null;
      for (int i = 1; i <= size; i++) {
        if (left > 0) {
          name = iterator.next();
          left--;
        }
        query.setBytes(i, name);
      }
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          reader.read(result);
        }
      }
    }
  }

  private static int chunk(int names) {
    for (int size : CHUNKS) {
      if (names <= size) {
        return size;
      }
    }
    return CHUNKS[CHUNKS.length - 1];
  }

  /**
   * The credentials that are the current ones at a time, of endpoints behind one, in the order of
   * their bytes: where a rotation's deadline has passed, the next.
   */
  List<CredentialRow> currentAfter(byte[] endpoint, Instant now, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(
            COLUMNS
                + FROM
                + "c WHERE endpoint > ? AND role = CASE WHEN EXISTS (SELECT 1"
                + " FROM lwm2m_creds_rotation r"
                + " WHERE r.endpoint = c.endpoint AND r.deadline <= ?) THEN 1 ELSE 0 END"
                + " ORDER BY endpoint LIMIT ?");
    query.setBytes(1, endpoint);
    query.setLong(2, now.toEpochMilli());
    query.setInt(3, limit);
    return rows(query);
  }

  /** Credentials in either role with identities behind one, in the order of their bytes. */
  List<CredentialRow> anyAfter(byte[] identity, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(COLUMNS + FROM + "WHERE identity > ? ORDER BY identity LIMIT ?");
    query.setBytes(1, identity);
    query.setInt(2, limit);
    return rows(query);
  }

  private static List<CredentialRow> rows(PreparedStatement query) throws SQLException {
    List<CredentialRow> rows = new ArrayList<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        rows.add(row(result));
      }
    }
    return rows;
  }

  /** Reads the whole table as it stands at one moment, in a transaction of the caller. */
  void forEach(Consumer<CredentialRow> consumer) throws SQLException {
    try (PreparedStatement query =
        session.connection().prepareStatement(COLUMNS + FROM.stripTrailing())) {
      query.setFetchSize(10_000); // PostgreSQL would hold the whole result in memory
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          consumer.accept(row(result));
        }
      }
    }
  }

  /** A sealed key may be anything: it fails when it is opened, and its row can be taken away. */
  private static CredentialRow row(ResultSet result) throws SQLException {
    byte[] sealed = Columns.bytes(result, 4, "a sealed key");
    return new CredentialRow(
        Columns.endpoint(result, 1),
        Columns.identity(result, 2),
        Columns.constant(result, 3, ROLES),
        sealed.length > MAX_SEALED ? Arrays.copyOf(sealed, MAX_SEALED) : sealed);
  }

  void delete(Collection<byte[]> identities) throws SQLException {
    PreparedStatement delete =
        session.prepare("DELETE FROM lwm2m_creds_credential WHERE identity = ?");
    for (byte[] identity : identities) {
      delete.setBytes(1, identity);
      delete.addBatch();
    }
    delete.executeBatch();
  }

  void insert(Collection<CredentialRow> rows) throws SQLException {
    PreparedStatement insert =
        session.prepare(
            "INSERT INTO lwm2m_creds_credential (identity, endpoint, role, sealed)"
                + " VALUES (?, ?, ?, ?)");
    for (CredentialRow row : rows) {
      insert.setBytes(1, row.identity());
      insert.setBytes(2, row.endpoint());
      insert.setInt(3, row.role().ordinal());
      insert.setBytes(4, row.sealed());
      insert.addBatch();
    }
    insert.executeBatch();
  }

  /** Makes an endpoint's next credential its current one; it has no other any more. */
  void promote(byte[] identity) throws SQLException {
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_credential SET role = 0 WHERE identity = ?");
    update.setBytes(1, identity);
    update.executeUpdate();
  }

  void reseal(Collection<CredentialRow> rows) throws SQLException {
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_credential SET sealed = ? WHERE identity = ?");
    for (CredentialRow row : rows) {
      update.setBytes(1, row.sealed());
      update.setBytes(2, row.identity());
      update.addBatch();
    }
    update.executeBatch();
  }
}
