// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * The credentials of a fleet: one for each endpoint, each with a PSK identity of its own.
 *
 * <p>Any number of threads may use a store. A store keeps copies: a credential that was put in or
 * found belongs to the caller, who should destroy it after use. Every store checks what is put in
 * against a {@link io.github.lwm2mcreds.KeyPolicy}.
 *
 * <p>Keys come from the {@code find…} methods alone. A credential whose key cannot be opened is
 * listed, replaced and removed like any other.
 */
public interface CredentialStore extends PskLookup {
  /**
   * Finds the credential with a PSK identity.
   *
   * @param pskIdentity the identity, compared by its bytes
   * @return a copy, or empty if no credential has it
   */
  Optional<DeviceCredential> findByPskIdentity(PskIdentity pskIdentity);

  @Override
  default Optional<PreSharedKey> findPsk(PskIdentity pskIdentity) {
    return findByPskIdentity(pskIdentity).map(DeviceCredential::psk);
  }

  @Override
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
   * Finds the PSK identity of an endpoint's credential. No key is opened.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return the identity, or empty if the endpoint has no credential
   */
  Optional<PskIdentity> findPskIdentity(String endpoint);

  /**
   * Returns whether an endpoint has a credential, even one whose key cannot be opened.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return whether it has one
   */
  default boolean hasCredential(String endpoint) {
    return findPskIdentity(endpoint).isPresent();
  }

  /**
   * Finds the revocation of an endpoint. A revoked endpoint may not be served in any security mode,
   * so whatever lets a device in asks for it.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return its revocation, or empty if the endpoint is not revoked, and in a store that does not
   *     revoke
   */
  default Optional<Revocation> findRevocation(String endpoint) {
    return Optional.empty();
  }

  /**
   * Stores an endpoint's credential and replaces the one it may have. A credential that is already
   * stored changes nothing, and no listener is called.
   *
   * @param credential copied; the caller may destroy its own afterwards
   * @return what happened
   * @throws io.github.lwm2mcreds.DuplicatePskIdentityException if the PSK identity belongs to
   *     another endpoint
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses the key
   */
  PutOutcome put(DeviceCredential credential);

  /**
   * Stores an endpoint's credential and never replaces another.
   *
   * @param credential copied; the caller may destroy its own afterwards
   * @return {@code ADDED}, or {@code UNCHANGED} if it is already stored
   * @throws io.github.lwm2mcreds.EndpointInUseException if the endpoint has another credential
   * @throws io.github.lwm2mcreds.DuplicatePskIdentityException if the PSK identity belongs to
   *     another endpoint
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses the key
   */
  PutOutcome add(DeviceCredential credential);

  /**
   * Removes an endpoint's credential.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return whether it had one
   */
  boolean remove(String endpoint);

  /**
   * Confirms that a device has succeeded with an identity: if its endpoint rotates to it, the
   * rotation ends. Does nothing otherwise, and in a store without rotations.
   *
   * @param pskIdentity the identity the device used
   * @return whether a rotation ended
   */
  default boolean confirm(PskIdentity pskIdentity) {
    return false;
  }

  /**
   * Lists all credentials without their keys, in the order of their endpoints' UTF-8 bytes. A
   * credential that is put in or removed meanwhile may be listed or not.
   *
   * @return to be closed after use
   */
  Stream<CredentialSummary> stream();

  /**
   * Lists the endpoints that a new device may not have: those that have a credential, and those
   * that were revoked. No order is promised. {@link
   * io.github.lwm2mcreds.CredentialGenerator#continuing} counts on behind them.
   *
   * @return to be closed after use; those with derived keys are not listed
   */
  default Stream<String> takenEndpoints() {
    return stream().map(CredentialSummary::endpoint);
  }

  /**
   * Returns when this object last knew that it finds all that the store holds. Whoever ends
   * something for want of a credential compares this with when that thing began: the credential may
   * have come later, on another server.
   *
   * @return now, unless it answers from memory and may be behind
   */
  default Instant upToDateAt() {
    return Instant.now();
  }

  /**
   * Returns whether devices that connect may be let in: not if this object answers from memory and
   * has not known for longer than it was told to what the store holds. Handshakes with a pre-shared
   * key need not ask, as {@link #findPsk} fails then; whoever lets a device in without one asks.
   *
   * @return whether they may
   */
  default boolean admitsNewcomers() {
    return true;
  }

  /**
   * Counts the credentials.
   *
   * @return the number of endpoints that have one
   */
  long size();
}
