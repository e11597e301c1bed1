// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.seal.KeyRing;
import io.github.lwm2mcreds.store.seal.KeyRing.NewKey;
import io.github.lwm2mcreds.store.seal.KeyRing.WrappedKeys;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A store's key ring, which reads the database again when another process has made a new key. */
final class SealingKeys {
  private final KeyRing ring;

  SealingKeys(KeyRing ring) {
    this.ring = ring;
  }

  /** Returns the ring, which opens without asking the database. */
  KeyRing ring() {
    return ring;
  }

  /** Makes a key, with which all processes seal from this transaction on. */
  void makeKey(JdbcSession session, Instant now) throws SQLException {
    NewKey key = ring.newKey();
    new KeyTable(session).insert(key, now.toEpochMilli());
    new StateTable(session).activate(key.id());
  }

  void read(JdbcSession session) throws SQLException {
    int active = new StateTable(session).read().activeKey();
    ring.read(new WrappedKeys(active, new KeyTable(session).all()));
  }

  /**
   * Deletes all keys but the active one, and those that something claims to be sealed by: it may be
   * damaged, or another reseal at work.
   */
  static void deleteUnused(Transaction transaction) throws SQLException {
    Set<Integer> used = new CredentialTable(transaction.session()).sealingKeys();
    used.add(transaction.activeKey());
    KeyTable keys = new KeyTable(transaction.session());
    for (int keyId : keys.all().keySet()) {
      if (!used.contains(keyId)) {
        keys.delete(keyId);
      }
    }
  }

  SealedCredential seal(
      Transaction transaction,
      String endpoint,
      PskIdentity pskIdentity,
      Role role,
      PreSharedKey psk)
      throws SQLException {
    if (!ring.sealsWith(transaction.activeKey())) {
      read(transaction.session());
      if (!ring.sealsWith(transaction.activeKey())) {
        ring.requireAll();
      }
    }
    return new SealedCredential(endpoint, pskIdentity, role, ring.seal(endpoint, pskIdentity, psk));
  }

  PreSharedKey open(JdbcSession session, SealedCredential credential) throws SQLException {
    readIfLacking(session, credential);
    return ring.open(credential);
  }

  Optional<PreSharedKey> tryOpen(JdbcSession session, SealedCredential credential)
      throws SQLException {
    return tryRead(session, credential) ? ring.tryOpen(credential) : Optional.empty();
  }

  Optional<KeyCheckValue> checkValue(JdbcSession session, SealedCredential credential)
      throws SQLException {
    return tryRead(session, credential) ? ring.checkValue(credential) : Optional.empty();
  }

  /** Sealing keys that do not open must not keep a credential from being taken away. */
  private boolean tryRead(JdbcSession session, SealedCredential credential) throws SQLException {
    try {
      readIfLacking(session, credential);
      return true;
    } catch (CredentialStoreException e) {
      if (e.isUnopenedKey()) {
        return false;
      }
      throw e;
    }
  }

  private void readIfLacking(JdbcSession session, SealedCredential credential) throws SQLException {
    ring.requireOpen();
    if (ring.lacksKeyOf(credential)) {
      read(session);
    }
  }
}
