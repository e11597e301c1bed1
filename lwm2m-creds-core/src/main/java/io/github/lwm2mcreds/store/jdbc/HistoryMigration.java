// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.HistoryHash;
import java.sql.SQLException;
import java.util.List;

/**
 * Gives each change of a store of the first version the hash of the history up to it. The hash may
 * not be absent, so a process of an older release that has the store open can still read it, and is
 * refused when it writes.
 */
final class HistoryMigration {
  private static final String WITHOUT_HASHES = "lwm2m_creds_audit_1";

  private interface Writing {
    void write(List<AuditEntry> page) throws SQLException;
  }

  private final JdbcSession session;
  private final AuditTable log;

  HistoryMigration(JdbcSession session) {
    this.session = session;
    this.log = new AuditTable(session);
  }

  /** The state is changed last, as servers read it all the time. */
  void run() throws SQLException {
    HistoryHash first = HistoryHash.begin();
    HistoryHash last = session.kind() == DatabaseKind.SQLITE ? copyTable(first) : fillColumn(first);
    session.execute("ALTER TABLE lwm2m_creds_state ADD COLUMN first_hash BYTEA");
    session.execute("ALTER TABLE lwm2m_creds_state ADD COLUMN last_hash BYTEA");
    new StateTable(session).setHistory(first, last);
  }

  /** SQLite cannot forbid a column to be absent later. */
  private HistoryHash copyTable(HistoryHash first) throws SQLException {
    session.execute("ALTER TABLE lwm2m_creds_audit RENAME TO " + WITHOUT_HASHES);
    session.execute(
        """
        CREATE TABLE lwm2m_creds_audit (
          number INTEGER NOT NULL PRIMARY KEY,
          time BIGINT NOT NULL,
          actor TEXT NOT NULL,
          action TEXT NOT NULL,
          endpoint BYTEA NOT NULL,
          identity BYTEA,
          check_value TEXT,
          reason TEXT NOT NULL,
          hash BYTEA NOT NULL)\
        """);
    HistoryHash last = chain(WITHOUT_HASHES, first, log::insert);
    session.execute("DROP TABLE " + WITHOUT_HASHES);
    return last;
  }

  /** The table stays the same in PostgreSQL, with its owner, and the rights that others have. */
  private HistoryHash fillColumn(HistoryHash first) throws SQLException {
    session.execute("ALTER TABLE lwm2m_creds_audit ADD COLUMN hash BYTEA");
    HistoryHash last = chain("lwm2m_creds_audit", first, log::setHashes);
    session.execute("ALTER TABLE lwm2m_creds_audit ALTER COLUMN hash SET NOT NULL");
    return last;
  }

  private HistoryHash chain(String table, HistoryHash first, Writing writing) throws SQLException {
    HistoryHash last = first;
    long number = 0;
    List<AuditEntry> page;
    do {
      page = log.unchainedAfter(table, number, last);
      writing.write(page);
      if (!page.isEmpty()) {
        number = page.get(page.size() - 1).number();
        last = page.get(page.size() - 1).hash();
      }
    } while (page.size() == Pages.SIZE);
    return last;
  }
}
