package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.CredentialRow.key;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.CredentialRow.Role;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.Revocations.Kind;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private final KeyRing keys;
  private final Mode mode;
  private final CredentialRows rows;
  private final Revocations revocations;

  private final Map<ByteBuffer, CredentialRow> byIdentity = new HashMap<>();
  private final Map<ByteBuffer, CredentialRow> current = new HashMap<>();
  private final Map<ByteBuffer, CredentialRow> next = new HashMap<>();
  private final Map<ByteBuffer, Revocation> revokedEndpoints = new HashMap<>();
  private final Map<ByteBuffer, Revocation> revokedIdentities = new HashMap<>();
  private final Map<ByteBuffer, CredentialRow> inserts = new LinkedHashMap<>();
  private final List<byte[]> deletes = new ArrayList<>();

  PutBatch(Transaction transaction, KeyRing keys, Mode mode) {
    this.transaction = transaction;
    this.keys = keys;
    this.mode = mode;
    this.rows = new CredentialRows(transaction.session());
    this.revocations = new Revocations(transaction.session());
  }

  /**
   * Reads what the store has of these endpoints and identities; a batch is to be read before it is
   * put.
   */
  void read(Collection<byte[]> endpoints, Collection<byte[]> identities) throws SQLException {
    rows.ofEndpoints(endpoints).forEach(this::remember);
    rows.ofIdentities(identities).forEach(this::remember);
    if (transaction.hasRevocations()) {
      for (Revocations.Row row : revocations.of(Kind.ENDPOINT, endpoints)) {
        revokedEndpoints.put(key(row.name()), row.revocation());
      }
      for (Revocations.Row row : revocations.of(Kind.IDENTITY, identities)) {
        revokedIdentities.put(key(row.name()), row.revocation());
      }
    }
  }

  private void remember(CredentialRow row) {
    byIdentity.put(key(row.identity()), row);
    (row.role() == Role.CURRENT ? current : next).put(key(row.endpoint()), row);
  }

  /**
   * Puts one in.
   *
   * @return the key the endpoint had before, for the caller to destroy; null if it had none
   */
  Previous put(DeviceCredential credential) throws SQLException {
    byte[] endpoint = credential.endpoint().getBytes(UTF_8);
    byte[] identity = credential.pskIdentity().toBytes();
    requireNotRevoked(credential.endpoint(), endpoint, identity);
    requireOwn(endpoint, identity);
    CredentialRow previous = current.get(key(endpoint));
    PreSharedKey previousKey = previous == null ? null : keys.open(transaction.session(), previous);
    if (previous != null
        && Arrays.equals(previous.identity(), identity)
        && previousKey.equals(credential.psk())) {
      return new Previous(previous, previousKey, false);
    }
    if (previous == null) {
      transaction.countEndpoints(1);
    } else if (mode == Mode.ADDING) {
      previousKey.destroy();
      throw new EndpointInUseException(credential.endpoint());
    } else {
      transaction.retire(previous, Cause.REPLACED, previousKey.checkValue(), "");
      forget(previous);
    }
    CredentialRow pending = next.get(key(endpoint));
    if (pending != null) {
      transaction.retire(
          pending, Cause.REPLACED, keys.checkValue(transaction.session(), pending), "");
      forget(pending);
      new Rotations(transaction.session()).delete(endpoint);
      transaction.countNextCredentials(-1);
    }
    insert(credential, endpoint, identity, Role.CURRENT);
    transaction.log(Action.ADDED, endpoint, identity, credential.psk().checkValue(), "");
    return new Previous(previous, previousKey, true);
  }

  /** What an endpoint had before; row and key are null if it had nothing. */
  record Previous(CredentialRow row, PreSharedKey key, boolean changed) {}

  /** Puts the next credential of an endpoint in, besides its current one. */
  void putNext(DeviceCredential credential) throws SQLException {
    byte[] endpoint = credential.endpoint().getBytes(UTF_8);
    byte[] identity = credential.pskIdentity().toBytes();
    requireNotRevoked(credential.endpoint(), endpoint, identity);
    requireOwn(endpoint, identity);
    CredentialRow existing = current.get(key(endpoint));
    if (existing == null) {
      throw new IllegalArgumentException(
          "the endpoint has no credential to rotate from: put one in instead");
    }
    if (Arrays.equals(existing.identity(), identity)) {
      throw new IllegalArgumentException(
          "the next credential needs a PSK identity other than the current one, '"
              + credential.pskIdentity()
              + "': DTLS 1.2 has one key an identity");
    }
    CredentialRow pending = next.get(key(endpoint));
    if (pending == null) {
      transaction.countNextCredentials(1);
    } else {
      transaction.retire(
          pending, Cause.REPLACED, keys.checkValue(transaction.session(), pending), "");
      forget(pending);
    }
    insert(credential, endpoint, identity, Role.NEXT);
    transaction.log(Action.ROTATION_STARTED, endpoint, identity, credential.psk().checkValue(), "");
  }

  private void insert(DeviceCredential credential, byte[] endpoint, byte[] identity, Role role)
      throws SQLException {
    byte[] sealed = keys.seal(transaction, endpoint, identity, credential.psk());
    CredentialRow row = new CredentialRow(endpoint, identity, role, sealed);
    remember(row);
    inserts.put(key(identity), row);
  }

  private void requireNotRevoked(String name, byte[] endpoint, byte[] identity)
      throws SQLException {
    Revocation revocation = revokedEndpoints.get(key(endpoint));
    if (revocation == null) {
      revocation = revokedIdentities.get(key(identity));
    }
    if (revocation == null) {
      return;
    }
    if (mode != Mode.REINSTATING) {
      throw new RevokedCredentialException(name, revocation);
    }
    if (revocations.delete(Kind.ENDPOINT, endpoint)) {
      transaction.countRevocations(-1);
    }
    if (revocations.delete(Kind.IDENTITY, identity)) {
      transaction.countRevocations(-1);
    }
    transaction.log(Action.REINSTATED, endpoint, identity, null, "");
  }

  private void requireOwn(byte[] endpoint, byte[] identity) {
    CredentialRow owner = byIdentity.get(key(identity));
    if (owner != null && !owner.isOf(endpoint)) {
      throw new DuplicatePskIdentityException(PskIdentity.ofBytes(identity));
    }
  }

  private void forget(CredentialRow row) {
    byIdentity.remove(key(row.identity()));
    (row.role() == Role.CURRENT ? current : next).remove(key(row.endpoint()));
    if (inserts.remove(key(row.identity())) == null) {
      deletes.add(row.identity());
    }
  }

  /** Writes what has changed. */
  void write() throws SQLException {
    rows.delete(deletes);
    rows.insert(inserts.values());
  }
}
