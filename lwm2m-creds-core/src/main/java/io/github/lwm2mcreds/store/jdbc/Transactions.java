// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.sql.SQLException;

/** Begins and ends the transactions of a session. */
interface Transactions {
  /** What a transaction is for. */
  enum Purpose {
    /** A few short queries, each of which sees what was committed by then. */
    READING,
    /** Queries of any length, all of which see what was committed when the first one began. */
    SNAPSHOT,
    /** A change. */
    WRITING
  }

  void begin(Purpose purpose) throws SQLException;

  void commit() throws SQLException;

  /** Ends a transaction without effect; does nothing if none was begun. */
  void rollback() throws SQLException;
}
