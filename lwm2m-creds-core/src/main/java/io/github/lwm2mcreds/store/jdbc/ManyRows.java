// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Iterator;

/**
 * Inserts rows by a prepared statement. SQLite gets several in each statement, which takes it less
 * than one at a time.
 *
 * @param sql with {@code %s} for the rows, such as {@code INSERT … VALUES %s}
 * @param row the parameters of a row, such as {@code (?, ?)}
 * @param parameters how many these are
 */
record ManyRows(String sql, String row, int parameters) {
  /** More would be no faster. */
  private static final int AT_A_TIME = 25;

  /** Sets the parameters of a row. */
  interface Setter<T> {
    /**
     * Sets them.
     *
     * @param first the number of the first one
     */
    void set(PreparedStatement statement, int first, T row) throws SQLException;
  }

  /** Inserts rows, and returns how many were inserted. */
  <T> long insert(JdbcSession session, Collection<T> rows, Setter<T> setter) throws SQLException {
    int several = session.kind() == DatabaseKind.SQLITE ? rows.size() / AT_A_TIME : 0;
    Iterator<T> iterator = rows.iterator();
    return insert(session, several, AT_A_TIME, iterator, setter)
        + insert(session, rows.size() - several * AT_A_TIME, 1, iterator, setter);
  }

  private <T> long insert(
      JdbcSession session, int statements, int size, Iterator<T> rows, Setter<T> setter)
      throws SQLException {
    if (statements == 0) {
      return 0;
    }
    PreparedStatement insert =
        session.prepare(sql.replace("%s", row + (", " + row).repeat(size - 1)));
    for (int i = 0; i < statements; i++) {
      for (int n = 0; n < size; n++) {
        setter.set(insert, 1 + n * parameters, rows.next());
      }
      insert.addBatch();
    }
    long inserted = 0;
    for (int count : insert.executeBatch()) {
      inserted += count;
    }
    return inserted;
  }
}
