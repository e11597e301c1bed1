package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A store's keys: read from the database, where they lie wrapped, and read again when another
 * process has made a new one.
 */
final class KeyRing {
  private final KeyWrapper wrapper;
  private final String store;
  private final KeySealer sealer = new KeySealer();

  KeyRing(KeyWrapper wrapper, String store) {
    this.wrapper = wrapper;
    this.store = store;
  }

  /**
   * Makes a new store key, with which all processes seal from this transaction on; in the
   * transaction of the caller.
   */
  void makeKey(Session session, int keyId, long now) throws SQLException {
    PreparedStatement insert =
        session.prepare("INSERT INTO lwm2m_creds_key (key_id, wrapped, made) VALUES (?, ?, ?)");
    insert.setInt(1, keyId);
    insert.setBytes(2, sealer.addNewKey(keyId, wrapper));
    insert.setLong(3, now);
    insert.executeUpdate();
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_state SET active_key = ? WHERE id = 1");
    update.setInt(1, keyId);
    update.executeUpdate();
  }

  /** Reads the keys; fails with {@code WRONG_KEY} if the wrapper is not the store's. */
  void read(Session session) throws SQLException {
    int active = StoreState.read(session).activeKey();
    Map<Integer, byte[]> wrapped = new LinkedHashMap<>();
    try (ResultSet result =
        session.prepare("SELECT key_id, wrapped FROM lwm2m_creds_key").executeQuery()) {
      while (result.next()) {
        wrapped.put(result.getInt(1), result.getBytes(2));
      }
    }
    if (!wrapped.containsKey(active)) {
      throw new CredentialStoreException(
          Reason.CORRUPT, store + " has lost its store key: restore it from a backup");
    }
    synchronized (sealer) {
      for (Map.Entry<Integer, byte[]> key : wrapped.entrySet()) {
        if (!sealer.hasKey(key.getKey())) {
          sealer.addKey(key.getKey(), key.getValue(), wrapper);
        }
      }
      sealer.activate(active);
    }
  }

  /** Deletes all keys but the active one from the database. */
  void deleteOthers(Transaction transaction) throws SQLException {
    PreparedStatement delete =
        transaction.session().prepare("DELETE FROM lwm2m_creds_key WHERE key_id <> ?");
    delete.setInt(1, transaction.activeKey());
    delete.executeUpdate();
  }

  byte[] seal(Transaction transaction, byte[] endpoint, byte[] identity, PreSharedKey psk)
      throws SQLException {
    if (sealer.activeKeyId() != transaction.activeKey()) {
      read(transaction.session());
    }
    byte[] key = psk.exposeBytes();
    try {
      return sealer.seal(endpoint, identity, key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Opens a row's key. */
  PreSharedKey open(Session session, CredentialRow row) throws SQLException {
    if (!hasKeyOf(row.sealed())) {
      read(session);
    }
    return open(row.endpoint(), row.identity(), row.sealed());
  }

  /** Opens a key by the store keys that were read by now. */
  PreSharedKey open(byte[] endpoint, byte[] identity, byte[] sealed) {
    byte[] key = sealer.open(endpoint, identity, sealed);
    try {
      return PreSharedKey.copyOf(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  boolean hasKeyOf(byte[] sealed) {
    return sealer.hasKey(KeySealer.keyId(sealed));
  }

  /** Opens a row's key, if it opens: what is damaged must not keep a row from being taken away. */
  Optional<PreSharedKey> tryOpen(Session session, CredentialRow row) throws SQLException {
    try {
      return Optional.of(open(session, row));
    } catch (CredentialStoreException e) {
      if (e.reason() == Reason.CORRUPT || e.reason() == Reason.WRONG_KEY) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The check value of a row's key; null if it does not open. */
  KeyCheckValue checkValue(Session session, CredentialRow row) throws SQLException {
    Optional<PreSharedKey> psk = tryOpen(session, row);
    try {
      return psk.map(PreSharedKey::checkValue).orElse(null);
    } finally {
      psk.ifPresent(PreSharedKey::destroy);
    }
  }

  void destroy() {
    sealer.destroy();
  }
}
