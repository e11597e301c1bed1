// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes credentials out of the database, within one transaction. */
final class Retirement {
  private static final String ROTATED = "rotated";

  private final Transaction transaction;
  private final SealingKeys keys;
  private final CredentialTable credentials;
  private final RotationTable rotations;
  private final RevocationTable revocations;

  Retirement(Transaction transaction, SealingKeys keys) {
    this.transaction = transaction;
    this.keys = keys;
    this.credentials = new CredentialTable(transaction.session());
    this.rotations = new RotationTable(transaction.session());
    this.revocations = new RevocationTable(transaction.session());
  }

  /** Takes away all that an endpoint has; returns whether that was anything. */
  boolean remove(String endpoint) throws SQLException {
    finishDueOf(List.of(endpoint));
    List<SealedCredential> found = credentials.ofEndpoints(List.of(endpoint));
    delete(found, Cause.REMOVED, "");
    return !found.isEmpty();
  }

  /** Takes away all that an endpoint has, and keeps it from coming back. */
  boolean revoke(String endpoint, String reason) throws SQLException {
    finishDueOf(List.of(endpoint));
    List<SealedCredential> found = credentials.ofEndpoints(List.of(endpoint));
    boolean added = revoke(endpoint, Optional.empty(), reason);
    for (SealedCredential credential : found) {
      revoke(endpoint, Optional.of(credential.pskIdentity()), reason);
    }
    delete(found, Cause.REVOKED, reason);
    if (found.isEmpty() && added) {
      revokeUnknown(endpoint, reason);
    }
    return !found.isEmpty();
  }

  /**
   * Logs the revocation of an endpoint that has no row: its key may be derived, and its sessions
   * have to end all the same. Of a name that is too long for an identity nothing is told one by
   * one; listeners compare what they hold.
   */
  private void revokeUnknown(String endpoint, String reason) {
    if (endpoint.getBytes(UTF_8).length <= PskIdentity.MAX_LENGTH) {
      transaction.retire(
          endpoint, PskIdentity.of(endpoint), Cause.REVOKED, Optional.empty(), reason);
    } else {
      transaction.log(Action.REVOKED, endpoint, Optional.empty(), Optional.empty(), reason);
    }
  }

  private boolean revoke(String endpoint, Optional<PskIdentity> pskIdentity, String reason)
      throws SQLException {
    boolean added =
        revocations.add(new Revocation(endpoint, pskIdentity, transaction.now(), reason));
    transaction.countRevocations(added ? 1 : 0);
    return added;
  }

  private void delete(List<SealedCredential> found, Cause cause, String reason)
      throws SQLException {
    for (SealedCredential credential : found) {
      retire(credential, cause, reason);
      if (credential.role() == Role.CURRENT) {
        transaction.countEndpoints(-1);
      } else {
        transaction.countNextCredentials(-1);
      }
      rotations.delete(credential.endpoint());
    }
    credentials.delete(found.stream().map(SealedCredential::pskIdentity).toList());
  }

  private void retire(SealedCredential credential, Cause cause, String reason) throws SQLException {
    transaction.retire(
        credential, cause, keys.checkValue(transaction.session(), credential), reason);
  }

  /** Makes the next credential the current one, if the identity is a next one's. */
  boolean confirm(PskIdentity pskIdentity) throws SQLException {
    Optional<SealedCredential> next = of(credentials.ofIdentities(List.of(pskIdentity)), Role.NEXT);
    if (next.isPresent()) {
      finish(next.get());
    }
    return next.isPresent();
  }

  /** Does the same for up to a number of endpoints whose deadline has passed. */
  int finishDue(int limit) throws SQLException {
    List<String> due = rotations.due(transaction.now(), limit);
    finishAll(due);
    return due.size();
  }

  /** Does the same for those of some endpoints, before they are changed otherwise. */
  void finishDueOf(Collection<String> endpoints) throws SQLException {
    if (transaction.hasNextCredentials()) {
      finishAll(rotations.dueOf(endpoints, transaction.now()));
    }
  }

  private void finishAll(List<String> due) throws SQLException {
    for (SealedCredential credential : credentials.ofEndpoints(due)) {
      if (credential.role() == Role.NEXT) {
        finish(credential);
      }
    }
  }

  private void finish(SealedCredential next) throws SQLException {
    String endpoint = next.endpoint();
    SealedCredential current =
        of(credentials.ofEndpoints(List.of(endpoint)), Role.CURRENT)
            .orElseThrow(() -> Columns.damaged("a next credential without a current one"));
    revoke(endpoint, Optional.of(current.pskIdentity()), ROTATED);
    retire(current, Cause.REPLACED, ROTATED);
    credentials.delete(List.of(current.pskIdentity()));
    credentials.promote(next.pskIdentity());
    rotations.delete(endpoint);
    transaction.countNextCredentials(-1);
    transaction.log(
        Action.ROTATED,
        endpoint,
        Optional.of(next.pskIdentity()),
        keys.checkValue(transaction.session(), next),
        "");
  }

  private static Optional<SealedCredential> of(List<SealedCredential> credentials, Role role) {
    return credentials.stream().filter(credential -> credential.role() == role).findAny();
  }
}
