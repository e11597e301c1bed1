// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What DTLS handshakes and sessions need of a store: the key of a PSK identity, and word of
 * credentials that are no longer good. Any number of threads may use it.
 */
public interface PskLookup {
  /**
   * Finds the key of a PSK identity.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return a copy for the caller to destroy, or empty if no credential has the identity
   */
  Optional<PreSharedKey> findPsk(PskIdentity pskIdentity);

  /**
   * Finds the check value of a PSK identity's key, to compare with it what was made with the key.
   * Unlike {@link #findPsk}, it is not asked to let a device in: a store that answers from memory
   * answers however old that is, and no key that does not open is reported.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return the check value, or empty if no credential has the identity, or its key does not open
   */
  default Optional<KeyCheckValue> findCheckValue(PskIdentity pskIdentity) {
    Optional<PreSharedKey> psk = findPsk(pskIdentity);
    try {
      return psk.map(PreSharedKey::checkValue);
    } finally {
      psk.ifPresent(PreSharedKey::destroy);
    }
  }

  /**
   * Looks further for a key that {@link #findPsk} did not find, without blocking: for stores that
   * answer from memory and may be behind. A flood of calls costs the database a few queries.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return a copy for the caller to destroy, or empty if no credential has the identity or none
   *     was found in time; never fails. It may be completed on a thread of the store, which
   *     dependent actions must not hold up
   */
  CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity);

  /**
   * Finds the endpoint of a PSK identity. No key is opened.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return the LwM2M endpoint client name, or empty if no credential has the identity
   */
  Optional<String> findEndpoint(PskIdentity pskIdentity);

  /**
   * Returns what a server needs to save its sessions to a file and load them again.
   *
   * @return the ledger of the store; empty if it has no sealing key and nothing durable, as a store
   *     in memory
   */
  default Optional<SessionLedger> sessionLedger() {
    return Optional.empty();
  }

  /**
   * Registers a listener that is called for each credential that is replaced, removed or revoked.
   * For a change made through this object, it is called on the changing thread before the change
   * returns.
   *
   * @param listener the listener
   */
  void addListener(CredentialStoreListener listener);

  /**
   * Unregisters a listener.
   *
   * @param listener the listener; one that is not registered is ignored
   */
  void removeListener(CredentialStoreListener listener);
}
