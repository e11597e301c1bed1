package io.github.lwm2mcreds.store;

/**
 * Wraps the keys that a store is sealed with, by a key that is kept elsewhere: a file, a
 * passphrase, an HSM, or a cloud provider's key management. {@link KeyWrappers} has the usual ones;
 * a caller with another implements the two methods.
 *
 * <p>It is called on any thread that opens or uses a store, by one at a time for each store, and
 * sometimes within a transaction, so it should answer soon. Other exceptions than {@link
 * CredentialStoreException} count as {@code UNAVAILABLE}. A store asks once when it is opened and
 * when its keys are rotated, never for a single device.
 */
public interface KeyWrapper {
  /**
   * Wraps a key.
   *
   * @param key the key in clear; the caller wipes it
   * @return what {@link #unwrap} makes the key of again, itself no secret
   * @throws CredentialStoreException if it cannot be done
   */
  byte[] wrap(byte[] key);

  /**
   * Unwraps a key.
   *
   * @param wrapped what {@link #wrap} gave
   * @return the key in clear, which the caller wipes
   * @throws CredentialStoreException with {@code WRONG_KEY} if it was wrapped by another key, or
   *     was damaged
   */
  byte[] unwrap(byte[] wrapped);
}
