// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import io.github.lwm2mcreds.store.CredentialStoreException;

/**
 * Wraps a store's sealing keys by a wrapping key that is kept elsewhere: in a file, a passphrase,
 * an HSM, or a cloud provider's key management. {@link KeyWrappers} has the usual ones; to use
 * another, implement the two methods.
 *
 * <p>A store calls it when it is opened and when it is resealed, never for a single device; on any
 * thread, one at a time for each store, and sometimes within a transaction, so it should answer
 * soon. Exceptions other than {@link CredentialStoreException} count as {@code UNAVAILABLE}.
 */
public interface KeyWrapper {
  /**
   * Wraps a sealing key.
   *
   * @param key the key in clear; the caller wipes it
   * @return the wrapped key, not secret, from which {@link #unwrap} restores the key
   * @throws CredentialStoreException if it cannot be done
   */
  byte[] wrap(byte[] key);

  /**
   * Unwraps a sealing key.
   *
   * @param wrapped what {@link #wrap} returned
   * @return the key in clear, which the caller wipes
   * @throws CredentialStoreException with {@code WRONG_KEY} if it was wrapped by another key, or
   *     was damaged
   */
  byte[] unwrap(byte[] wrapped);
}
