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
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A store that many processes share, and that remembers what was done to it.
 *
 * <p>While an endpoint {@linkplain #rotate rotates}, {@link #findByPskIdentity} and {@link
 * #findPsk} find its current and its next credential; {@link #findByEndpoint}, {@link #stream} and
 * {@link #size} know the current one only.
 *
 * <p>Every method may throw {@link CredentialStoreException}, and has changed nothing then.
 */
public interface ManagedCredentialStore extends CredentialStore, AutoCloseable {
  /**
   * {@inheritDoc}
   *
   * <p>A rotation that the endpoint was in ends with it.
   *
   * @throws RevokedCredentialException if the endpoint or the PSK identity was revoked
   */
  @Override
  Optional<DeviceCredential> put(DeviceCredential credential);

  /**
   * Puts credentials in, all of them or none, in one transaction.
   *
   * @param credentials as for {@link #put}, in order
   * @return how many of them changed anything: the others were there already
   * @throws DuplicatePskIdentityException if a PSK identity belongs to another endpoint
   * @throws RevokedCredentialException if an endpoint or a PSK identity was revoked
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses a key
   */
  int putAll(Collection<DeviceCredential> credentials);

  /**
   * Puts credentials in as {@link #putAll} does, but takes none in the place of another.
   *
   * @param credentials as for {@link #put}, in order
   * @return how many of them were added: the others were there already
   * @throws EndpointInUseException if an endpoint has another credential
   * @throws DuplicatePskIdentityException if a PSK identity belongs to another endpoint
   * @throws RevokedCredentialException if an endpoint or a PSK identity was revoked
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses a key
   */
  int addAll(Collection<DeviceCredential> credentials);

  /**
   * Puts any number of credentials in, a thousand in a transaction. What throws leaves all batches
   * before it in the store, and nothing of its own; the same import may be done again.
   *
   * @param credentials as for {@link #put}; each is destroyed once its batch is done
   * @param progress told how many are done by now, after each batch
   * @return how many of them changed anything: the others were there already
   * @throws IllegalArgumentException as {@link #putAll}
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
   * Puts a credential in though its endpoint or PSK identity was revoked, which it is no longer.
   *
   * @param credential as for {@link #put}
   * @return the credential the endpoint had before, or empty
   * @throws DuplicatePskIdentityException if the PSK identity belongs to another endpoint
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses the key
   */
  Optional<DeviceCredential> reinstate(DeviceCredential credential);

  /**
   * Takes away all that an endpoint has, not to come back: on every server that shares the store
   * its sessions end, and {@link #put} refuses the endpoint and its identities. An endpoint without
   * credential can be revoked, too.
   *
   * @param endpoint the LwM2M endpoint client name
   * @param reason why, for the audit trail; up to 1000 characters, and may be empty
   * @return whether it had a credential
   * @throws io.github.lwm2mcreds.InvalidCredentialException if the endpoint is outside the limits
   */
  boolean revoke(String endpoint, String reason);

  /**
   * Gives an endpoint its next credential, besides the one it has. Both are good until {@link
   * #confirm} is called for the next, or the deadline passes; then the old one is good no longer,
   * and its PSK identity is revoked. A next credential that the endpoint had already is replaced.
   *
   * @param next of an endpoint that has a credential, with an identity that is not in use; copied
   * @param deadline when the old one ends at the latest
   * @throws IllegalArgumentException if the endpoint has no credential, or the identity is the one
   *     it has, or the deadline has passed
   * @throws DuplicatePskIdentityException if the PSK identity belongs to another endpoint
   * @throws RevokedCredentialException if the PSK identity was revoked
   * @throws io.github.lwm2mcreds.WeakKeyException if the store's key policy refuses the key
   */
  void rotate(DeviceCredential next, Instant deadline);

  /**
   * Goes through the rotations that have not ended.
   *
   * @return to be closed after use
   */
  Stream<Rotation> rotations();

  /**
   * Goes through what was revoked.
   *
   * @return to be closed after use
   */
  Stream<Revocation> revocations();

  /**
   * Finds out whether an endpoint was revoked.
   *
   * @param endpoint the LwM2M endpoint client name
   * @return its revocation, or empty
   */
  Optional<Revocation> findRevocation(String endpoint);

  /**
   * Goes through the changes, the oldest first.
   *
   * @param after the number of the last change to leave out; 0 for all
   * @return to be closed after use
   */
  Stream<AuditEntry> audit(long after);

  /** Ends the use of the store; what was put in stays. */
  @Override
  void close();
}
