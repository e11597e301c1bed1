// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.HistoryHash;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The table of changes, which is the audit trail and what mirrors follow. */
final class AuditTable {
  private static final String COLUMNS =
      "number, time, actor, action, endpoint, identity, check_value, reason";

  private static final String TARGET = "lwm2m_creds_audit (" + COLUMNS + ", hash)";

  private static final ManyRows ROWS =
      new ManyRows("INSERT INTO " + TARGET + " VALUES %s", "(?, ?, ?, ?, ?, ?, ?, ?, ?)", 9);

  /** So many that they are copied, or go in by sets. */
  private static final int MANY = 100;

  private final JdbcSession session;

  AuditTable(JdbcSession session) {
    this.session = session;
  }

  /** Returns changes with higher numbers than one, in ascending order. */
  List<AuditEntry> after(long number, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(
            "SELECT "
                + COLUMNS
                + ", hash FROM lwm2m_creds_audit WHERE number > ? ORDER BY number LIMIT ?");
    query.setLong(1, number);
    query.setInt(2, limit);
    return JdbcSession.rows(query, result -> entry(result, Columns.hash(result, 9)));
  }

  private static AuditEntry entry(ResultSet result, HistoryHash hash) throws SQLException {
    Action action = action(Columns.text(result, 4, "an action"));
    boolean ofStore = action == Action.RESEALED;
    boolean hasIdentity = result.getBytes(6) != null;
    return new AuditEntry(
        result.getLong(1),
        Instant.ofEpochMilli(result.getLong(2)),
        Columns.text(result, 3, "an actor"),
        action,
        ofStore ? "" : Columns.endpoint(result, 5),
        hasIdentity ? Optional.of(Columns.identity(result, 6)) : Optional.empty(),
        Optional.ofNullable(result.getString(7)),
        Columns.text(result, 8, "a reason"),
        hash);
  }

  private static Action action(String name) {
    for (Action action : Action.values()) {
      if (action.name().equals(name)) {
        return action;
      }
    }
    throw Columns.damaged("an unknown action in its log");
  }

  /** Returns the number of the last change. */
  long last() throws SQLException {
    return session.number("SELECT max(number) FROM lwm2m_creds_audit");
  }

  /**
   * Reads changes of a table without hashes, and gives them theirs, in a migration. Nothing is
   * prepared for longer, as tables change.
   *
   * @param before the hash of the history up to the number
   */
  List<AuditEntry> unchainedAfter(String table, long number, HistoryHash before)
      throws SQLException {
    List<AuditEntry> page = new ArrayList<>();
    try (PreparedStatement query =
        session
            .connection()
            .prepareStatement(
                "SELECT "
                    + COLUMNS
                    + " FROM "
                    + table
                    + " WHERE number > ? ORDER BY number"
                    + " LIMIT "
                    + Pages.SIZE)) {
      query.setLong(1, number);
      HistoryHash last = before;
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          AuditEntry entry = entry(result, last).behind(last);
          page.add(entry);
          last = entry.hash();
        }
      }
    }
    return page;
  }

  void setHashes(Collection<AuditEntry> entries) throws SQLException {
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_audit SET hash = ? WHERE number = ?");
    for (AuditEntry entry : entries) {
      update.setBytes(1, entry.hash().toBytes());
      update.setLong(2, entry.number());
      update.addBatch();
    }
    update.executeBatch();
  }

  void insert(Collection<AuditEntry> entries) throws SQLException {
    if (session.kind() == DatabaseKind.SQLITE || entries.size() < MANY) {
      ROWS.insert(session, entries, AuditTable::set);
    } else if (!session.copies().arePossible() || !session.copies().tryTo(TARGET, rows(entries))) {
      insertBySets(entries);
    }
  }

  private static CopiedRows rows(Collection<AuditEntry> entries) {
    CopiedRows rows = new CopiedRows(9);
    for (AuditEntry entry : entries) {
      rows.row()
          .add(entry.number())
          .add(entry.time().toEpochMilli())
          .add(entry.actor())
          .add(entry.action().name())
          .add(entry.endpoint())
          .add(identity(entry))
          .add(checkValue(entry))
          .add(entry.reason())
          .add(entry.hash().toBytes());
    }
    return rows;
  }

  /** One message each way, however many there are. */
  private void insertBySets(Collection<AuditEntry> entries) throws SQLException {
    PreparedStatement insert =
        session.prepare(
            "INSERT INTO "
                + TARGET
                + " SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[],"
                + " ?::bytea[], ?::bytea[], ?::text[], ?::text[], ?::bytea[])");
    session.setArray(insert, 1, "bigint", of(entries, AuditEntry::number, Long[]::new));
    session.setArray(insert, 2, "bigint", of(entries, e -> e.time().toEpochMilli(), Long[]::new));
    session.setArray(insert, 3, "text", of(entries, AuditEntry::actor, String[]::new));
    session.setArray(insert, 4, "text", of(entries, e -> e.action().name(), String[]::new));
    session.setBytes(insert, 5, entries, e -> e.endpoint().getBytes(UTF_8));
    session.setBytes(insert, 6, entries, AuditTable::identity);
    session.setArray(insert, 7, "text", of(entries, AuditTable::checkValue, String[]::new));
    session.setArray(insert, 8, "text", of(entries, AuditEntry::reason, String[]::new));
    session.setBytes(insert, 9, entries, e -> e.hash().toBytes());
    insert.executeUpdate();
  }

  private static <T> T[] of(
      Collection<AuditEntry> entries, Function<AuditEntry, T> value, IntFunction<T[]> array) {
    return entries.stream().map(value).toArray(array);
  }

  private static byte[] identity(AuditEntry entry) {
    return entry.pskIdentity().map(PskIdentity::toBytes).orElse(null);
  }

  private static String checkValue(AuditEntry entry) {
    return entry.checkValue().orElse(null);
  }

  private static void set(PreparedStatement insert, int first, AuditEntry entry)
      throws SQLException {
    insert.setLong(first, entry.number());
    insert.setLong(first + 1, entry.time().toEpochMilli());
    insert.setString(first + 2, entry.actor());
    insert.setString(first + 3, entry.action().name());
    insert.setBytes(first + 4, entry.endpoint().getBytes(UTF_8));
    insert.setBytes(first + 5, identity(entry));
    if (entry.checkValue().isPresent()) {
      insert.setString(first + 6, entry.checkValue().get());
    } else {
      insert.setNull(first + 6, Types.VARCHAR);
    }
    insert.setString(first + 7, entry.reason());
    insert.setBytes(first + 8, entry.hash().toBytes());
  }
}
