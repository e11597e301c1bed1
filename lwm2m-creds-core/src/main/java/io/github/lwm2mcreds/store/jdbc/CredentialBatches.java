// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.internal.RawCredentials;
import io.github.lwm2mcreds.store.seal.KeyRing;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Reads the table of credentials of an SQLite file, a thousand rows with a few calls of SQLite's
 * library: a call for each value takes longer than all else.
 *
 * <p>SQLite puts the values of a column behind each other, and their lengths as characters. A batch
 * that does not come out even, as one has a value that no store would hold, is read by its rows.
 */
final class CredentialBatches {
  private static final int SIZE = 1000;

  /** Role, and the lengths of endpoint, identity and sealed key. */
  private static final int SHAPE_LENGTH = 4;

  private static final String ROWS = " FROM lwm2m_creds_credential WHERE rowid >= ? ORDER BY rowid";

  private static final String BATCH =
      "SELECT max(rowid), count(*), group_concat(endpoint, ''), group_concat(identity, ''),"
          + " group_concat(sealed, ''),"
          + " group_concat(char(role, length(endpoint), length(identity), length(sealed)), '')"
          + " FROM (SELECT rowid, endpoint, identity, role, sealed"
          + ROWS
          + " LIMIT "
          + SIZE
          + ")";

  private static final Role[] ROLES = Role.values();

  private final JdbcSession session;
  private final Consumer<SealedCredential> consumer;

  /** The same, if it takes bytes as well; else null. */
  private final RawCredentials raw;

  /**
   * Makes a reader.
   *
   * @param consumer called for each credential
   */
  CredentialBatches(JdbcSession session, Consumer<SealedCredential> consumer) {
    this.session = session;
    this.consumer = consumer;
    this.raw = consumer instanceof RawCredentials taker ? taker : null;
  }

  /** Whether values come out as the bytes they are: SQLite converts text between encodings. */
  static boolean arePossible(JdbcSession session) throws SQLException {
    return session.kind() == DatabaseKind.SQLITE
        && JdbcSession.rows(session.prepare("PRAGMA encoding"), result -> result.getString(1))
            .contains("UTF-8");
  }

  /**
   * Reads the whole table as it stands at one moment, in a transaction of the caller.
   *
   * @return how many credentials there are
   */
  long run() throws SQLException {
    PreparedStatement query = session.prepare(BATCH);
    long total = 0;
    long from = Long.MIN_VALUE;
    Batch batch;
    do {
      batch = read(query, from);
      if (!batch.isEven()) {
        forEachRow(from, batch.last);
      } else if (raw != null && batch.isAscii()) {
        batch.forEachRaw();
      } else {
        batch.forEach();
      }
      total += batch.count;
      from = batch.last + 1;
    } while (batch.count == SIZE && batch.last < Long.MAX_VALUE);
    return total;
  }

  private Batch read(PreparedStatement query, long from) throws SQLException {
    query.setLong(1, from);
    try (ResultSet result = query.executeQuery()) {
      result.next();
      return new Batch(result);
    }
  }

  private void forEachRow(long from, long last) throws SQLException {
    PreparedStatement query =
        session.prepare(CredentialTable.QUERY + " WHERE rowid >= ? AND rowid <= ? ORDER BY rowid");
    query.setLong(1, from);
    query.setLong(2, last);
    JdbcSession.rows(query, CredentialTable::row).forEach(consumer);
  }

  /** Some rows whose columns were put together. */
  private final class Batch {
    private final long last;
    private final int count;
    private final byte[] endpoints;
    private final byte[] identities;
    private final byte[] sealed;
    private final String shapes;

    private Batch(ResultSet result) throws SQLException {
      last = result.getLong(1);
      count = result.getInt(2);
      endpoints = bytes(result, 3);
      identities = bytes(result, 4);
      sealed = bytes(result, 5);
      shapes = new String(bytes(result, 6), UTF_8);
    }

    private static byte[] bytes(ResultSet result, int column) throws SQLException {
      byte[] bytes = result.getBytes(column);
      return bytes == null ? new byte[0] : bytes;
    }

    private void forEach() {
      Column endpoint = new Column(endpoints);
      Column identity = new Column(identities);
      Column key = new Column(sealed);
      for (int at = 0; at < shapes.length(); at += SHAPE_LENGTH) {
        consumer.accept(
            new SealedCredential(
                new String(endpoint.next(shapes.charAt(at + 1)), UTF_8),
                PskIdentity.ofBytes(identity.next(shapes.charAt(at + 2))),
                ROLES[shapes.charAt(at)],
                key.next(shapes.charAt(at + 3)).clone()));
      }
    }

    private void forEachRaw() {
      Column endpoint = new Column(endpoints);
      Column identity = new Column(identities);
      Column key = new Column(sealed);
      for (int at = 0; at < shapes.length(); at += SHAPE_LENGTH) {
        raw.accept(
            ROLES[shapes.charAt(at)] == Role.NEXT,
            endpoint.next(shapes.charAt(at + 1)),
            identity.next(shapes.charAt(at + 2)),
            key.next(shapes.charAt(at + 3)));
      }
    }

    /** Whether text that is made of an endpoint has the same bytes. */
    private boolean isAscii() {
      int bits = 0;
      for (byte each : endpoints) {
        bits |= each;
      }
      return bits >= 0;
    }

    /**
     * Whether the lengths are those of the values. SQLite counts a text's characters, of which
     * there are no more than bytes, and nothing for what is not there, so none can make up for
     * another.
     */
    private boolean isEven() {
      if (shapes.length() != count * SHAPE_LENGTH) {
        return false;
      }
      long endpointsLength = 0;
      long identitiesLength = 0;
      long sealedLength = 0;
      for (int at = 0; at < shapes.length(); at += SHAPE_LENGTH) {
        int endpointLength = shapes.charAt(at + 1);
        int identityLength = shapes.charAt(at + 2);
        int keyLength = shapes.charAt(at + 3);
        if (shapes.charAt(at) >= ROLES.length
            || !isWithin(endpointLength, DeviceCredential.MAX_ENDPOINT_LENGTH)
            || !isWithin(identityLength, PskIdentity.MAX_LENGTH)
            || !isWithin(keyLength, KeyRing.MAX_SEALED_LENGTH)) {
          return false;
        }
        endpointsLength += endpointLength;
        identitiesLength += identityLength;
        sealedLength += keyLength;
      }
      return endpointsLength == endpoints.length
          && identitiesLength == identities.length
          && sealedLength == sealed.length;
    }

    private static boolean isWithin(int length, int maxLength) {
      return length > 0 && length <= maxLength;
    }
  }

  /** The values of a column, one after the other. */
  private static final class Column {
    private final byte[] all;
    private int at;

    /** The last value; the next one takes its place if it has the same length. */
    private byte[] value = new byte[0];

    private Column(byte[] all) {
      this.all = all;
    }

    private byte[] next(int length) {
      if (length != value.length) {
        value = new byte[length];
      }
      System.arraycopy(all, at, value, 0, length);
      at += length;
      return value;
    }
  }
}
