package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of changes, which is the audit trail, and what mirrors follow. */
final class AuditLog {
  private AuditLog() {}

  /** Reads changes with higher numbers than one, in ascending order. */
  static List<AuditEntry> after(Session session, long number, int limit) throws SQLException {
    PreparedStatement query =
        session.prepare(
            "SELECT number, time, actor, action, endpoint, identity, check_value, reason"
                + " FROM lwm2m_creds_audit WHERE number > ? ORDER BY number LIMIT ?");
    query.setLong(1, number);
    query.setInt(2, limit);
    List<AuditEntry> entries = new ArrayList<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        entries.add(entry(result));
      }
    }
    return entries;
  }

  private static AuditEntry entry(ResultSet result) throws SQLException {
    Action action = action(Columns.text(result, 4, "an action"));
    boolean ofStore = action == Action.RESEALED;
    boolean hasIdentity = result.getBytes(6) != null;
    return new AuditEntry(
        result.getLong(1),
        Instant.ofEpochMilli(result.getLong(2)),
        Columns.text(result, 3, "an actor"),
        action,
        ofStore ? "" : new String(Columns.endpoint(result, 5), UTF_8),
        hasIdentity
            ? Optional.of(PskIdentity.ofBytes(Columns.identity(result, 6)))
            : Optional.empty(),
        Optional.ofNullable(result.getString(7)),
        Columns.text(result, 8, "a reason"));
  }

  private static Action action(String name) {
    for (Action action : Action.values()) {
      if (action.name().equals(name)) {
        return action;
      }
    }
    throw Columns.damaged("an unknown action in its log");
  }
}
