// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts credentials into the database, in order, within one transaction: reads all rows that matter
 * first, works on them in memory, and writes what has changed.
 */
final class PutBatch {
  /** What is done about a credential that is there, and about one that was revoked. */
  enum Mode {
    /** It is replaced; refused. */
    PUTTING,
    /** Refused; refused. */
    ADDING,
    /** It is replaced; taken. */
    REINSTATING
  }

  private final Transaction transaction;
  private final SealingKeys keys;
  private final Mode mode;
  private final CredentialTable credentials;
  private final RevocationTable revocations;

  private final Map<PskIdentity, SealedCredential> byIdentity = new HashMap<>();
  private final Map<String, SealedCredential> current = new HashMap<>();
  private final Map<String, SealedCredential> next = new HashMap<>();
  private final Map<String, Revocation> revokedEndpoints = new HashMap<>();
  private final Map<PskIdentity, Revocation> revokedIdentities = new HashMap<>();
  private final Map<PskIdentity, SealedCredential> inserts = new LinkedHashMap<>();
  private final List<PskIdentity> deletes = new ArrayList<>();

  private PutBatch(Transaction transaction, SealingKeys keys, Mode mode) {
    this.transaction = transaction;
    this.keys = keys;
    this.mode = mode;
    this.credentials = new CredentialTable(transaction.session());
    this.revocations = new RevocationTable(transaction.session());
  }

  /** Makes a batch that has read what the store has of these credentials. */
  static PutBatch of(
      Collection<DeviceCredential> all, Mode mode, Transaction transaction, SealingKeys keys)
      throws SQLException {
    List<String> endpoints = all.stream().map(DeviceCredential::endpoint).toList();
    new Retirement(transaction, keys).finishDueOf(endpoints);
    PutBatch batch = new PutBatch(transaction, keys, mode);
    batch.read(endpoints, all.stream().map(DeviceCredential::pskIdentity).toList());
    return batch;
  }

  private void read(List<String> endpoints, List<PskIdentity> identities) throws SQLException {
    credentials.ofEndpoints(endpoints).forEach(this::remember);
    credentials.ofIdentities(identities).forEach(this::remember);
    if (transaction.hasRevocations()) {
      for (Revocation revocation : revocations.ofEndpoints(endpoints)) {
        revokedEndpoints.put(revocation.endpoint(), revocation);
      }
      for (Revocation revocation : revocations.ofIdentities(identities)) {
        revokedIdentities.put(revocation.pskIdentity().orElseThrow(), revocation);
      }
    }
  }

  private void remember(SealedCredential credential) {
    byIdentity.put(credential.pskIdentity(), credential);
    (credential.role() == Role.CURRENT ? current : next).put(credential.endpoint(), credential);
  }

  /** Puts one in; the key of the one it replaces need not open. */
  PutOutcome put(DeviceCredential credential) throws SQLException {
    String endpoint = credential.endpoint();
    requireNotRevoked(credential);
    requireOwn(credential);
    SealedCredential previous = current.get(endpoint);
    if (previous == null) {
      transaction.countEndpoints(1);
    } else if (isSame(previous, credential)) {
      return PutOutcome.UNCHANGED;
    } else if (mode == Mode.ADDING) {
      throw new EndpointInUseException(endpoint);
    } else {
      replace(previous);
    }
    SealedCredential pending = next.get(endpoint);
    if (pending != null) {
      replace(pending);
      new RotationTable(transaction.session()).delete(endpoint);
      transaction.countNextCredentials(-1);
    }
    insert(credential, Role.CURRENT, Action.ADDED);
    return previous == null ? PutOutcome.ADDED : PutOutcome.REPLACED;
  }

  private boolean isSame(SealedCredential stored, DeviceCredential credential) throws SQLException {
    if (!stored.pskIdentity().equals(credential.pskIdentity())) {
      return false;
    }
    Optional<PreSharedKey> psk = keys.tryOpen(transaction.session(), stored);
    try {
      return psk.filter(credential.psk()::equals).isPresent();
    } finally {
      psk.ifPresent(PreSharedKey::destroy);
    }
  }

  /** Puts the next credential of an endpoint in, besides its current one. */
  void putNext(DeviceCredential credential, Instant deadline) throws SQLException {
    String endpoint = credential.endpoint();
    requireNotRevoked(credential);
    requireOwn(credential);
    SealedCredential existing = current.get(endpoint);
    if (existing == null) {
      throw new IllegalArgumentException(
          "the endpoint has no credential to rotate from: put one in instead");
    }
    if (existing.pskIdentity().equals(credential.pskIdentity())) {
      throw new IllegalArgumentException(
          "the next credential needs a PSK identity other than the current one, '"
              + credential.pskIdentity()
              + "': DTLS 1.2 has one key for each identity");
    }
    SealedCredential pending = next.get(endpoint);
    if (pending == null) {
      transaction.countNextCredentials(1);
    } else {
      replace(pending);
    }
    insert(credential, Role.NEXT, Action.ROTATION_STARTED);
    new RotationTable(transaction.session()).put(endpoint, deadline);
  }

  private void insert(DeviceCredential credential, Role role, Action action) throws SQLException {
    SealedCredential sealed =
        keys.seal(
            transaction, credential.endpoint(), credential.pskIdentity(), role, credential.psk());
    remember(sealed);
    inserts.put(sealed.pskIdentity(), sealed);
    transaction.log(
        action,
        sealed.endpoint(),
        Optional.of(sealed.pskIdentity()),
        Optional.of(credential.psk().checkValue()),
        "");
  }

  private void requireNotRevoked(DeviceCredential credential) throws SQLException {
    String endpoint = credential.endpoint();
    PskIdentity pskIdentity = credential.pskIdentity();
    Revocation revocation = revokedEndpoints.get(endpoint);
    if (revocation == null) {
      revocation = revokedIdentities.get(pskIdentity);
    }
    if (revocation == null) {
      return;
    }
    if (mode != Mode.REINSTATING) {
      throw new RevokedCredentialException(endpoint, revocation);
    }
    if (revocations.delete(endpoint)) {
      transaction.countRevocations(-1);
    }
    if (revocations.delete(pskIdentity)) {
      transaction.countRevocations(-1);
    }
    transaction.log(Action.REINSTATED, endpoint, Optional.of(pskIdentity), Optional.empty(), "");
  }

  private void requireOwn(DeviceCredential credential) {
    SealedCredential owner = byIdentity.get(credential.pskIdentity());
    if (owner != null && !owner.endpoint().equals(credential.endpoint())) {
      throw new DuplicatePskIdentityException(credential.pskIdentity());
    }
  }

  private void replace(SealedCredential old) throws SQLException {
    transaction.retire(old, Cause.REPLACED, keys.checkValue(transaction.session(), old), "");
    byIdentity.remove(old.pskIdentity());
    (old.role() == Role.CURRENT ? current : next).remove(old.endpoint());
    if (inserts.remove(old.pskIdentity()) == null) {
      deletes.add(old.pskIdentity());
    }
  }

  /** Writes what has changed. */
  void write() throws SQLException {
    credentials.delete(deletes);
    credentials.insert(inserts.values());
  }
}
