// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A store that many processes share, and that remembers what was done to it.
 *
 * <p>While an endpoint {@linkplain #rotate rotates}, {@link #findByPskIdentity}, {@link #findPsk}
 * and {@link #findEndpoint} find its current and its next credential. {@link #findByEndpoint},
 * {@link #stream} and {@link #size} see the current one only.
 *
 * <p>Every method may throw {@link CredentialStoreException}, and has changed nothing then.
 */
public interface ManagedCredentialStore extends CredentialStore, AutoCloseable {
  /**
   * {@inheritDoc}
   *
   * <p>A rotation of the endpoint ends with it.
   *
   * @throws RevokedCredentialException if the endpoint or the PSK identity was revoked
   */
  @Override
  PutOutcome put(DeviceCredential credential);

  /**
   * {@inheritDoc}
   *
   * @throws RevokedCredentialException if the endpoint or the PSK identity was revoked
   */
  @Override
  PutOutcome add(DeviceCredential credential);

  /**
   * Puts credentials in, all of them or none, in one transaction.
   *
   * @param credentials as for {@link #put}, in order
   * @return how many of them changed anything; the others were there already
   * @throws DuplicatePskIdentityException if a PSK identity belongs to another endpoint
   * @throws RevokedCredentialException if an endpoint or a PSK identity was revoked
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses a key
   */
  int putAll(Collection<DeviceCredential> credentials);

  /**
   * Adds credentials, all of them or none, in one transaction, and never replaces another.
   *
   * @param credentials as for {@link #add}, in order
   * @return how many of them were added; the others were there already
   * @throws EndpointInUseException if an endpoint has another credential
   * @throws DuplicatePskIdentityException if a PSK identity belongs to another endpoint
   * @throws RevokedCredentialException if an endpoint or a PSK identity was revoked
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses a key
   */
  int addAll(Collection<DeviceCredential> credentials);

  /**
   * Puts any number of credentials in, a thousand in a transaction. If one is refused, nothing of
   * its batch is stored, and all batches before it are; the same import may be repeated.
   *
   * @param credentials as for {@link #put}; each is destroyed once its batch is done
   * @param progress called after each batch with the number that are done
   * @return how many of them changed anything; the others were there already
   * @throws io.github.lwm2mcreds.RefusedCredentialException as {@link #putAll}
   */
  default long importAll(Iterator<DeviceCredential> credentials, LongConsumer progress) {
    int batchSize = 1000;
    long changed = 0;
    long done = 0;
    while (credentials.hasNext()) {
      List<DeviceCredential> batch = new ArrayList<>();
      try {
        while (batch.size() < batchSize && credentials.hasNext()) {
          batch.add(credentials.next());
        }
        changed += putAll(batch);
        done += batch.size();
      } finally {
        batch.forEach(DeviceCredential::destroy);
      }
      progress.accept(done);
    }
    return changed;
  }

  /**
   * Imports any number of credentials, a batch in a transaction. One that is refused does not keep
   * the others out. Whatever ends the import early, the batches that were told of are stored, and
   * all of the next one or nothing; the same import, run again, takes in the rest.
   *
   * @param credentials read on this thread as the import goes on; each is destroyed once its batch
   *     is done. What it throws ends the import
   * @param options what is done about those that are there, and who is told
   * @return how many had which outcome
   */
  ImportCounts importAll(Iterator<DeviceCredential> credentials, ImportOptions options);

  /**
   * Puts a credential in even if its endpoint or PSK identity was revoked, and lifts that
   * revocation.
   *
   * @param credential as for {@link #put}
   * @return what happened to the endpoint's credential
   * @throws DuplicatePskIdentityException if the PSK identity belongs to another endpoint
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses the key
   */
  PutOutcome reinstate(DeviceCredential credential);

  /**
   * Revokes an endpoint: takes all its credentials away for good. Its sessions end on every server
   * that shares the store, and {@link #put} refuses the endpoint and its identities. An endpoint
   * without a credential can be revoked, too: its key may be derived, or it may use another
   * security mode, of which this store knows nothing. Its sessions end all the same.
   *
   * @param endpoint the LwM2M endpoint client name
   * @param reason why, for the audit trail; up to 1000 characters, and may be empty
   * @return whether it had a credential in this store; the endpoint is revoked either way
   * @throws io.github.lwm2mcreds.InvalidCredentialException if the endpoint is outside the limits
   */
  boolean revoke(String endpoint, String reason);

  /**
   * Starts the rotation of an endpoint to its next credential. Both are good until {@link #confirm}
   * is called for the next one or the deadline passes. Then the old one is no longer good, and its
   * PSK identity is revoked. An earlier next credential is replaced.
   *
   * @param next of an endpoint that has a credential, with an identity that is not in use; copied
   * @param deadline when the old credential ends at the latest
   * @throws IllegalArgumentException if the endpoint has no credential, or already uses the
   *     identity, or the deadline has passed
   * @throws DuplicatePskIdentityException if the PSK identity belongs to another endpoint
   * @throws RevokedCredentialException if the PSK identity was revoked
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses the key
   */
  void rotate(DeviceCredential next, Instant deadline);

  /**
   * Finds the rotation that an endpoint is in.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return the rotation, or empty if there is none or its deadline has passed
   */
  Optional<Rotation> findRotation(String endpoint);

  /**
   * Lists the rotations whose deadline has not passed, in the order of their endpoints' UTF-8
   * bytes.
   *
   * @return to be closed after use
   */
  Stream<Rotation> rotations();

  @Override
  Optional<Revocation> findRevocation(String endpoint);

  /**
   * Lists the revoked endpoints, then the revoked identities.
   *
   * @return to be closed after use
   */
  Stream<Revocation> revocations();

  @Override
  default Stream<String> takenEndpoints() {
    return Stream.concat(
        CredentialStore.super.takenEndpoints(), revocations().map(Revocation::endpoint));
  }

  /**
   * Changes the store for somebody else, whom the audit trail names instead of this store's own
   * actor.
   *
   * @param <T> what the change returns
   * @param actor who makes the change, for {@link AuditEntry#actor}
   * @param change called once, on this thread, with the store to change; not to be kept
   * @return what the change returned
   */
  <T> T changeAs(String actor, Function<? super ManagedCredentialStore, ? extends T> change);

  /**
   * Lists the changes of the store, the oldest first.
   *
   * @param after the number of the last change to leave out; 0 for all
   * @return to be closed after use
   */
  Stream<AuditEntry> audit(long after);

  /** Ends the use of the store, which keeps its content. */
  @Override
  void close();
}
