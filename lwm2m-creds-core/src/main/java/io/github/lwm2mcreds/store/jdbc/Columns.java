// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.HistoryHash;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads columns of a row; a value that no store would hold is reported as damage. */
final class Columns {
  private Columns() {}

  static String endpoint(ResultSet result, int column) throws SQLException {
    return new String(
        name(result, column, "an endpoint", DeviceCredential.MAX_ENDPOINT_LENGTH), UTF_8);
  }

  static PskIdentity identity(ResultSet result, int column) throws SQLException {
    return PskIdentity.ofBytes(name(result, column, "a PSK identity", PskIdentity.MAX_LENGTH));
  }

  private static byte[] name(ResultSet result, int column, String what, int maxLength)
      throws SQLException {
    byte[] bytes = bytes(result, column, what);
    if (bytes.length == 0 || bytes.length > maxLength) {
      throw damaged(what + " of " + bytes.length + " bytes");
    }
    return bytes;
  }

  static byte[] bytes(ResultSet result, int column, String what) throws SQLException {
    byte[] bytes = result.getBytes(column);
    if (bytes == null) {
      throw damaged("nothing where " + what + " should be");
    }
    return bytes;
  }

  static HistoryHash hash(ResultSet result, int column) throws SQLException {
    byte[] bytes = bytes(result, column, "a hash of its history");
    try {
      return HistoryHash.ofBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw damaged("a hash of its history of " + bytes.length + " bytes");
    }
  }

  static String text(ResultSet result, int column, String what) throws SQLException {
    String text = result.getString(column);
    if (text == null) {
      throw damaged("nothing where " + what + " should be");
    }
    return text;
  }

  /** Returns one of some constants, which are in the order of the database's numbers. */
  static <E> E constant(ResultSet result, int column, E[] constants) throws SQLException {
    long number = result.getLong(column);
    if (number < 0 || number >= constants.length) {
      throw damaged("a " + constants[0].getClass().getSimpleName() + " of number " + number);
    }
    return constants[(int) number];
  }

  static CredentialStoreException damaged(String what) {
    return new CredentialStoreException(
        Reason.CORRUPT, "the store is damaged: it holds " + what + "; restore it from a backup");
  }
}
