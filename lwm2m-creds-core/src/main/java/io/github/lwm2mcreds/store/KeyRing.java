package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A store's keys: read from the database, where they lie wrapped, and read again when another
 * process has made a new one.
 */
final class KeyRing {
  private final KeyWrapper wrapper;
  private final String store;
  private final KeySealer sealer = new KeySealer();

  /** Why a key did not open when they were read last; null if all did. */
  private volatile CredentialStoreException missing;

  KeyRing(KeyWrapper wrapper, String store) {
    this.wrapper = wrapper;
    this.store = store;
  }

  /**
   * Makes a new store key, with which all processes seal from this transaction on; in the
   * transaction of the caller, which may be rolled back yet: this ring, too, takes the key in when
   * it reads what was committed. Ids are random, so that a store which was put back to an older
   * state never has a key by the id of another that some ring holds still.
   */
  void makeKey(Session session, long now) throws SQLException {
    int keyId = ByteBuffer.wrap(AesGcm.randomBytes(Integer.BYTES)).getInt() & Integer.MAX_VALUE;
    PreparedStatement insert =
        session.prepare("INSERT INTO lwm2m_creds_key (key_id, wrapped, made) VALUES (?, ?, ?)");
    insert.setInt(1, keyId);
    insert.setBytes(2, new KeySealer().addNewKey(keyId, wrapper));
    insert.setLong(3, now);
    insert.executeUpdate();
    PreparedStatement update =
        session.prepare("UPDATE lwm2m_creds_state SET active_key = ? WHERE id = 1");
    update.setInt(1, keyId);
    update.executeUpdate();
  }

  /**
   * Reads the keys. While a store moves to another wrapping key it has keys of both: one that opens
   * is enough then. What the others sealed does not open, and where that is the active key nothing
   * can be sealed, but devices can be revoked.
   *
   * @throws CredentialStoreException with {@code WRONG_KEY} if the wrapper is not the store's, or
   *     with what else the wrapper throws
   */
  void read(Session session) throws SQLException {
    requireOpen();
    int active = StoreState.read(session).activeKey();
    Map<Integer, byte[]> wrapped = wrapped(session);
    if (!wrapped.containsKey(active)) {
      throw new CredentialStoreException(
          Reason.CORRUPT, store + " has lost its store key: restore it from a backup");
    }
    synchronized (sealer) {
      CredentialStoreException failure = null;
      for (Map.Entry<Integer, byte[]> key : wrapped.entrySet()) {
        if (!sealer.hasKey(key.getKey())) {
          try {
            sealer.addKey(key.getKey(), key.getValue(), wrapper);
          } catch (CredentialStoreException e) {
            failure = e;
          }
        }
      }
      if (failure != null && wrapped.keySet().stream().noneMatch(sealer::hasKey)) {
        throw failure;
      }
      missing = failure;
      if (sealer.hasKey(active)) {
        sealer.activate(active);
      }
    }
  }

  /** Fails if a key of the store did not open when they were read last. */
  void requireAll() {
    CredentialStoreException failure = missing;
    if (failure != null) {
      throw new CredentialStoreException(
          failure.reason(),
          "a store key does not open; if the store moves to another wrapping key, give both: "
              + failure.getMessage(),
          failure);
    }
  }

  static Map<Integer, byte[]> wrapped(Session session) throws SQLException {
    Map<Integer, byte[]> wrapped = new LinkedHashMap<>();
    try (ResultSet result =
        session.prepare("SELECT key_id, wrapped FROM lwm2m_creds_key").executeQuery()) {
      while (result.next()) {
        wrapped.put(result.getInt(1), Columns.bytes(result, 2, "a store key"));
      }
    }
    return wrapped;
  }

  /**
   * Deletes from the database all keys but the active one, and those that something claims to be
   * sealed by: it may be damaged, or another reseal at work.
   */
  void deleteUnused(Transaction transaction) throws SQLException {
    Set<Integer> used = new HashSet<>(Set.of(transaction.activeKey()));
    try (ResultSet result =
        transaction
            .session()
            .prepare("SELECT DISTINCT substr(sealed, 2, 4) FROM lwm2m_creds_credential")
            .executeQuery()) {
      while (result.next()) {
        byte[] keyId = result.getBytes(1);
        if (keyId != null && keyId.length == Integer.BYTES) {
          used.add(ByteBuffer.wrap(keyId).getInt());
        }
      }
    }
    PreparedStatement delete =
        transaction.session().prepare("DELETE FROM lwm2m_creds_key WHERE key_id = ?");
    for (int keyId : wrapped(transaction.session()).keySet()) {
      if (!used.contains(keyId)) {
        delete.setInt(1, keyId);
        delete.executeUpdate();
      }
    }
  }

  byte[] seal(Transaction transaction, byte[] endpoint, byte[] identity, PreSharedKey psk)
      throws SQLException {
    if (!sealer.isActive(transaction.activeKey())) {
      read(transaction.session());
      if (!sealer.isActive(transaction.activeKey())) {
        requireAll();
      }
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
    requireOpen();
    if (lacksKeyOf(row.sealed())) {
      read(session);
    }
    return open(row.endpoint(), row.identity(), row.sealed());
  }

  /** Opens a key by the store keys that were read by now. */
  PreSharedKey open(byte[] endpoint, byte[] identity, byte[] sealed) {
    requireOpen();
    byte[] key = sealer.open(endpoint, identity, sealed);
    try {
      return PreSharedKey.copyOf(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Whether to read the keys again may help to open something; not if that is damaged. */
  boolean lacksKeyOf(byte[] sealed) {
    try {
      return !sealer.hasKey(KeySealer.keyId(sealed));
    } catch (CredentialStoreException e) {
      return false;
    }
  }

  /** Whether something claims to be sealed by a key; not if it is damaged. */
  static boolean isSealedBy(int keyId, byte[] sealed) {
    try {
      return KeySealer.keyId(sealed) == keyId;
    } catch (CredentialStoreException e) {
      return false;
    }
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

  /** Fails once the store was closed. */
  void requireOpen() {
    if (sealer.isDestroyed()) {
      throw new CredentialStoreException(Reason.CLOSED, store + " was closed");
    }
  }

  void destroy() {
    sealer.destroy();
  }
}
