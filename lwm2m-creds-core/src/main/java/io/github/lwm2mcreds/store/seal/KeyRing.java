// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.SealedCredential;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The sealing keys of one store, for the engine that keeps it: they seal and open the PSKs of its
 * devices. In the store they lie wrapped; the engine hands them over whenever it has read them. Any
 * number of threads may use a ring.
 */
public final class KeyRing {
  /** The most bytes a sealed PSK may have: 97. */
  public static final int MAX_SEALED_LENGTH = KeySealer.OVERHEAD + PreSharedKey.MAX_LENGTH;

  /**
   * A store's sealing keys as it keeps them.
   *
   * @param active the id of the one that seals
   * @param wrapped all of them by id
   */
  public record WrappedKeys(int active, Map<Integer, byte[]> wrapped) {}

  /**
   * A sealing key that was just made.
   *
   * @param id random, so that a store that was restored from a backup never has a key under the id
   *     of another that some ring still holds
   * @param wrapped to be kept in the store; not secret
   */
  public record NewKey(int id, byte[] wrapped) {}

  private final KeyWrapper wrapper;
  private final String store;
  private final KeySealer sealer = new KeySealer();

  /** Why a key did not open when the keys were read last; null if all did. */
  private volatile CredentialStoreException missing;

  /**
   * Makes a ring without keys.
   *
   * @param wrapper wraps and unwraps the sealing keys
   * @param store its name, for messages
   */
  public KeyRing(KeyWrapper wrapper, String store) {
    this.wrapper = wrapper;
    this.store = store;
  }

  /**
   * Makes a sealing key. The ring takes it in when it is read back from the store, since the
   * transaction that keeps it may be rolled back.
   *
   * @return the wrapped key
   */
  public NewKey newKey() {
    int id = ByteBuffer.wrap(AesGcm.randomBytes(Integer.BYTES)).getInt() & Integer.MAX_VALUE;
    return new NewKey(id, KeySealer.newKey(wrapper));
  }

  /**
   * Takes in the keys that the store has by now. While a store moves to another wrapping key, it
   * has keys of both, and one that opens is enough. What the others sealed does not open, and if
   * one of them is the active key nothing can be sealed; devices can still be revoked.
   *
   * @param keys as they were read
   * @throws CredentialStoreException with {@code WRONG_KEY} if none of them opens, or with what
   *     else the wrapper throws
   */
  public void read(WrappedKeys keys) {
    requireOpen();
    if (!keys.wrapped().containsKey(keys.active())) {
      throw new CredentialStoreException(
          Reason.CORRUPT, store + " has lost its sealing key: restore it from a backup");
    }
    synchronized (sealer) {
      CredentialStoreException failure = null;
      for (Map.Entry<Integer, byte[]> key : keys.wrapped().entrySet()) {
        if (!sealer.hasKey(key.getKey())) {
          try {
            sealer.addKey(key.getKey(), key.getValue(), wrapper);
          } catch (CredentialStoreException e) {
            failure = e;
          }
        }
      }
      if (failure != null && keys.wrapped().keySet().stream().noneMatch(sealer::hasKey)) {
        throw failure;
      }
      missing = failure;
      if (sealer.hasKey(keys.active())) {
        sealer.activate(keys.active());
      }
    }
  }

  /**
   * Requires that all keys opened when they were read last.
   *
   * @throws CredentialStoreException if one did not
   */
  public void requireAll() {
    CredentialStoreException failure = missing;
    if (failure != null) {
      throw new CredentialStoreException(
          failure.reason(),
          "a sealing key does not open; if the store moves to another wrapping key, give both: "
              + failure.getMessage(),
          failure);
    }
  }

  /**
   * Returns whether a key is the one that this ring seals with.
   *
   * @param keyId such as that of the store's active key
   * @return whether it is
   */
  public boolean sealsWith(int keyId) {
    return sealer.isActive(keyId);
  }

  /**
   * Returns whether there is a key to seal with: not before the keys were read, and not if the
   * active one does not open.
   *
   * @return whether {@link #seal} succeeds
   */
  public boolean canSeal() {
    return sealer.canSeal();
  }

  /**
   * Seals a PSK.
   *
   * @param endpoint whose it is
   * @param pskIdentity its identity
   * @param psk the key
   * @return the sealed key, which opens for this endpoint and identity alone
   */
  public byte[] seal(String endpoint, PskIdentity pskIdentity, PreSharedKey psk) {
    return sealer.seal(endpoint, pskIdentity, psk);
  }

  /**
   * Opens a credential's key.
   *
   * @param credential as it is kept
   * @return the key, for the caller to destroy
   * @throws CredentialStoreException with {@code CORRUPT} if it was altered, or sealed for another
   *     endpoint or identity; with {@code WRONG_KEY} if its sealing key is not in the ring
   */
  public PreSharedKey open(SealedCredential credential) {
    requireOpen();
    return sealer.open(credential);
  }

  /**
   * Seals a secret that is no device's key, such as that of a file.
   *
   * @param context what it is bound to
   * @param secret wiped by the caller
   * @return the sealed secret, which opens with this context alone
   */
  public byte[] sealSecret(byte[] context, byte[] secret) {
    requireOpen();
    return sealer.sealSecret(context, secret);
  }

  /**
   * Opens such a secret.
   *
   * @param context what it was bound to
   * @param sealed the sealed secret
   * @return the secret, for the caller to wipe
   * @throws CredentialStoreException with {@code CORRUPT} if it or the context was altered; with
   *     {@code WRONG_KEY} if its sealing key is not in the ring
   */
  public byte[] openSecret(byte[] context, byte[] sealed) {
    requireOpen();
    return sealer.openSecret(context, sealed);
  }

  /**
   * Opens a credential's key if it opens: a damaged one must not keep its row from being replaced
   * or removed.
   *
   * @param credential as it is kept
   * @return the key, for the caller to destroy, or empty if it does not open
   */
  public Optional<PreSharedKey> tryOpen(SealedCredential credential) {
    try {
      return Optional.of(open(credential));
    } catch (CredentialStoreException e) {
      if (e.isUnopenedKey()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Returns the check value of a credential's key.
   *
   * @param credential as it is kept
   * @return the check value, or empty if the key does not open
   */
  public Optional<KeyCheckValue> checkValue(SealedCredential credential) {
    Optional<PreSharedKey> psk = tryOpen(credential);
    try {
      return psk.map(PreSharedKey::checkValue);
    } finally {
      psk.ifPresent(PreSharedKey::destroy);
    }
  }

  /**
   * Returns whether reading the keys again may help to open a credential.
   *
   * @param credential as it is kept
   * @return whether its sealing key is not in the ring; false if it is damaged
   */
  public boolean lacksKeyOf(SealedCredential credential) {
    try {
      return !sealer.hasKey(KeySealer.keyId(credential.sealed()));
    } catch (CredentialStoreException e) {
      return false;
    }
  }

  /**
   * Returns whether a credential claims to be sealed by a key.
   *
   * @param credential as it is kept
   * @param keyId the key
   * @return whether it does; false if it is damaged
   */
  public static boolean isSealedBy(SealedCredential credential, int keyId) {
    try {
      return KeySealer.keyId(credential.sealed()) == keyId;
    } catch (CredentialStoreException e) {
      return false;
    }
  }

  /**
   * Requires that the ring was not destroyed.
   *
   * @throws CredentialStoreException with {@code CLOSED} if it was
   */
  public void requireOpen() {
    if (sealer.isDestroyed()) {
      throw new CredentialStoreException(Reason.CLOSED, store + " was closed");
    }
  }

  /** Forgets all keys: the store was closed. */
  public void destroy() {
    sealer.destroy();
  }

  /**
   * Describes the ring without its keys.
   *
   * @return the ids of its keys
   */
  @Override
  public String toString() {
    return "KeyRing[" + store + ", " + sealer + "]";
  }
}
