package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.CredentialRow.Role;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.Revocations.Kind;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes credentials out of the database, within one transaction. */
final class Retirement {
  private static final String ROTATED = "rotated";

  private final Transaction transaction;
  private final KeyRing keys;
  private final CredentialRows rows;
  private final Rotations rotations;
  private final Revocations revocations;

  Retirement(Transaction transaction, KeyRing keys) {
    this.transaction = transaction;
    this.keys = keys;
    this.rows = new CredentialRows(transaction.session());
    this.rotations = new Rotations(transaction.session());
    this.revocations = new Revocations(transaction.session());
  }

  /** A credential that was taken out, whose key the caller destroys. */
  record Removed(CredentialRow row, PreSharedKey key) {}

  /** Takes away all that an endpoint has; gives what was its current credential. */
  Optional<Removed> remove(byte[] endpoint) throws SQLException {
    finishDueOf(List.of(endpoint));
    List<CredentialRow> found = rows.ofEndpoints(List.of(endpoint));
    Optional<CredentialRow> current = current(found);
    Optional<PreSharedKey> key = Optional.empty();
    if (current.isPresent()) {
      key = Optional.of(keys.open(transaction.session(), current.get()));
    }
    delete(endpoint, found, Cause.REMOVED, "");
    return key.map(psk -> new Removed(current.orElseThrow(), psk));
  }

  /**
   * Takes away all that an endpoint has, whether it opens or not, and keeps it from coming back.
   */
  boolean revoke(byte[] endpoint, String reason) throws SQLException {
    finishDueOf(List.of(endpoint));
    List<CredentialRow> found = rows.ofEndpoints(List.of(endpoint));
    boolean added = revoke(Kind.ENDPOINT, endpoint, endpoint, reason);
    for (CredentialRow row : found) {
      revoke(Kind.IDENTITY, row.identity(), endpoint, reason);
    }
    delete(endpoint, found, Cause.REVOKED, reason);
    if (found.isEmpty() && added) {
      revokeUnknown(endpoint, reason);
    }
    return !found.isEmpty();
  }

  /**
   * Logs that an endpoint was revoked which has no row: its key may be derived, and its sessions
   * have to end all the same.
   */
  private void revokeUnknown(byte[] endpoint, String reason) throws SQLException {
    if (endpoint.length <= PskIdentity.MAX_LENGTH) {
      CredentialRow row = new CredentialRow(endpoint, endpoint, Role.CURRENT, new byte[0]);
      transaction.retire(row, Cause.REVOKED, null, reason);
    } else {
      transaction.log(Action.REVOKED, endpoint, null, null, reason);
    }
  }

  private boolean revoke(Kind kind, byte[] name, byte[] endpoint, String reason)
      throws SQLException {
    boolean added = revocations.add(kind, name, endpoint, transaction.now(), reason);
    transaction.countRevocations(added ? 1 : 0);
    return added;
  }

  private void delete(byte[] endpoint, List<CredentialRow> found, Cause cause, String reason)
      throws SQLException {
    for (CredentialRow row : found) {
      transaction.retire(row, cause, keys.checkValue(transaction.session(), row), reason);
      if (row.role() == Role.CURRENT) {
        transaction.countEndpoints(-1);
      } else {
        transaction.countNextCredentials(-1);
      }
    }
    if (!found.isEmpty()) {
      rows.delete(found.stream().map(CredentialRow::identity).toList());
      rotations.delete(endpoint);
    }
  }

  /** Makes the next credential the current one, if the identity is a next one's. */
  boolean confirm(byte[] identity) throws SQLException {
    Optional<CredentialRow> next =
        rows.ofIdentities(List.of(identity)).stream()
            .filter(row -> row.role() == Role.NEXT)
            .findAny();
    if (next.isPresent()) {
      finish(next.get());
    }
    return next.isPresent();
  }

  /** Does the same for all endpoints whose deadline has passed. */
  int finishDue(int limit) throws SQLException {
    List<byte[]> due = rotations.due(Instant.ofEpochMilli(transaction.now()), limit);
    finishAll(due);
    return due.size();
  }

  /** Does the same for those of some endpoints, before they are changed otherwise. */
  void finishDueOf(Collection<byte[]> endpoints) throws SQLException {
    if (transaction.hasNextCredentials()) {
      finishAll(rotations.dueOf(endpoints, Instant.ofEpochMilli(transaction.now())));
    }
  }

  private void finishAll(List<byte[]> due) throws SQLException {
    for (CredentialRow row : rows.ofEndpoints(due)) {
      if (row.role() == Role.NEXT) {
        finish(row);
      }
    }
  }

  private void finish(CredentialRow next) throws SQLException {
    byte[] endpoint = next.endpoint();
    CredentialRow current =
        current(rows.ofEndpoints(List.of(endpoint)))
            .orElseThrow(() -> Columns.damaged("a next credential without a current one"));
    revoke(Kind.IDENTITY, current.identity(), endpoint, ROTATED);
    transaction.retire(
        current, Cause.REPLACED, keys.checkValue(transaction.session(), current), ROTATED);
    rows.delete(List.of(current.identity()));
    rows.promote(next.identity());
    rotations.delete(endpoint);
    transaction.countNextCredentials(-1);
    transaction.log(
        Action.ROTATED,
        endpoint,
        next.identity(),
        keys.checkValue(transaction.session(), next),
        "");
  }

  private static Optional<CredentialRow> current(List<CredentialRow> rows) {
    return rows.stream().filter(row -> row.role() == Role.CURRENT).findAny();
  }

  /** The endpoint's bytes; of text that has none, the name of no endpoint. */
  static byte[] nameOf(String endpoint) {
    byte[] name = endpoint.getBytes(UTF_8);
    return new String(name, UTF_8).equals(endpoint) ? name : new byte[0];
  }
}
