package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * The credentials of a fleet: one an endpoint, each with a PSK identity of its own.
 *
 * <p>Stores may be used by many threads. They keep copies: a credential that was put in or found
 * belongs to the caller, who should destroy it after use. Every store holds what is put into it to
 * a {@link io.github.lwm2mcreds.KeyPolicy}.
 */
public interface CredentialStore {
  /**
   * Finds the credential with a PSK identity.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return a copy, or empty if no credential has it
   */
  Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity);

  /**
   * Finds the key that belongs to a PSK identity; all that a DTLS handshake needs.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return a copy for the caller to destroy, or empty if no credential has it
   */
  default Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    return findByPskIdentity(pskIdentity).map(DeviceCredential::psk);
  }

  /**
   * Looks further for a key that {@link #findPsk} did not find, in a store that answers from memory
   * and may be behind; without waiting. A flood of calls costs no more than a few.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return a copy for the caller to destroy, or empty if no credential has the identity, or none
   *     was found in time; never fails. It may be completed on a thread of the store, which what
   *     follows must not hold up
   */
  default CompletionStage<Optional<PreSharedKey>> findPskLater(PskIdentity pskIdentity) {
    return CompletableFuture.completedStage(Optional.empty());
  }

  /**
   * Finds the credential of an endpoint.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return a copy, or empty if the endpoint has none
   */
  Optional<DeviceCredential> findByEndpoint(String endpoint);

  /**
   * Finds out whether an endpoint has a credential, which need not be one that can be read.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return whether it has one
   */
  default boolean hasCredential(String endpoint) {
    return findPskIdentity(endpoint).isPresent();
  }

  /**
   * Finds out whose a PSK identity is; all that it takes to authorise a device. No key is read,
   * where the store can do without.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return the LwM2M endpoint client name, or empty if no credential has the identity
   */
  default Optional<String> findEndpoint(PskIdentity pskIdentity) {
    Optional<DeviceCredential> found = findByPskIdentity(pskIdentity);
    found.ifPresent(DeviceCredential::destroy);
    return found.map(DeviceCredential::endpoint);
  }

  /**
   * Finds the PSK identity of an endpoint's credential. No key is read, where the store can do
   * without.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return the identity, or empty if the endpoint has no credential
   */
  default Optional<PskIdentity> findPskIdentity(String endpoint) {
    Optional<DeviceCredential> found = findByEndpoint(endpoint);
    found.ifPresent(DeviceCredential::destroy);
    return found.map(DeviceCredential::pskIdentity);
  }

  /**
   * Gives an endpoint its credential, instead of the one it may have. Putting in what is already
   * there changes nothing and tells no listener.
   *
   * @param credential copied; the caller may destroy its own afterwards
   * @return the credential the endpoint had before, or empty
   * @throws DuplicatePskIdentityException if the PSK identity belongs to another endpoint
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses the key
   */
  Optional<DeviceCredential> put(DeviceCredential credential);

  /**
   * Takes an endpoint's credential away.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return the credential it had, or empty
   */
  Optional<DeviceCredential> remove(String endpoint);

  /**
   * Learns that a device has succeeded with an identity: where that is the one its endpoint rotates
   * to, the rotation ends. Does nothing otherwise, and in a store without rotations.
   *
   * @param pskIdentity the identity the device used
   * @return whether a rotation ended by this
   */
  default boolean confirm(PskIdentity pskIdentity) {
    return false;
  }

  /**
   * Goes through all credentials in no particular order. What is put in or removed meanwhile may be
   * seen or not; one that is removed and put in again may be seen twice.
   *
   * @return copies, made as the stream advances; to be closed after use
   */
  Stream<DeviceCredential> stream();

  /**
   * Counts the credentials.
   *
   * @return how many endpoints have one
   */
  long size();

  /**
   * Has a listener told of credentials that are replaced or removed. For changes made through this
   * object it is called on the changing thread before {@link #put} or {@link #remove} returns.
   *
   * @param listener the listener
   */
  void addListener(CredentialStoreListener listener);

  /**
   * Has a listener told no longer.
   *
   * @param listener the listener, which need not be there
   */
  void removeListener(CredentialStoreListener listener);
}
