// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Revocation;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A store that can be mirrored: beyond its contract it returns all of its content at a position of
 * its history, what changed after a position, and the key of a sealed credential. Every method may
 * throw {@link CredentialStoreException}.
 */
public interface StoreEngine extends ManagedCredentialStore {
  /**
   * A place in a store's history. The number alone does not tell which history: after a fail-over
   * or a restored backup, another change may have it.
   *
   * @param number of the last change before it; 0 at the beginning
   * @param hash of the history up to that change
   */
  record Position(long number, HistoryHash hash) {}

  /**
   * What a store held at one moment, besides its credentials.
   *
   * @param position the moment
   * @param rotations those that nobody has ended yet; their deadline may have passed
   * @param revocations of endpoints
   * @param retiredSince the credentials that were taken away since the position that was asked
   *     about, in order; empty if that is not in the store's history, or there was none
   */
  record Snapshot(
      Position position,
      List<Rotation> rotations,
      List<Revocation> revocations,
      Optional<List<RetiredCredential>> retiredSince) {}

  /** What happened to the keys that seal a store. */
  enum KeyChange {
    /** They are the same. */
    UNCHANGED,
    /** A credential is sealed by a key that this process has not opened. */
    ADDED,
    /** All credentials were sealed anew, and older keys are gone. */
    REPLACED
  }

  /**
   * What changed after a position: all that the store now has of the endpoints that were touched.
   *
   * @param position the end of these changes
   * @param end where the history ended when they were read; what is read may come from any change
   *     up to it
   * @param endpoints those that were touched
   * @param credentials all credentials of these endpoints, current and next
   * @param rotations all rotations of these endpoints
   * @param revocations those of these endpoints that are revoked
   * @param retired the credentials that the changes took away, in order
   * @param keyChange what happened to the keys that seal the store
   */
  record Changes(
      Position position,
      Position end,
      Set<String> endpoints,
      List<SealedCredential> credentials,
      List<Rotation> rotations,
      List<Revocation> revocations,
      List<RetiredCredential> retired,
      KeyChange keyChange) {
    /**
     * Returns whether there are changes behind these.
     *
     * @return whether the history went on
     */
    public boolean more() {
      return !position.equals(end);
    }
  }

  /** A registration that ends when it is closed. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Reads the whole store as it stands at one moment.
   *
   * @param since a position whose reader wants to know what was retired since
   * @param credentials called for each credential, current and next, in no particular order; what
   *     it got before an exception is not to be used, as a damage may be found after it
   * @return the rest
   * @throws CredentialStoreException with {@code CORRUPT} if the store is damaged
   */
  Snapshot load(Optional<Position> since, Consumer<SealedCredential> credentials);

  /**
   * Reads the next changes after a position, and the rows of their endpoints, as they stand at one
   * moment.
   *
   * @param position where the last ones ended
   * @param seen where the history ended when they were read; the position, after a load
   * @return the changes, none if there are none yet; empty if one of the two is not in the store's
   *     history, because an older state was restored or a fail-over lost changes
   */
  Optional<Changes> changesAfter(Position position, Position seen);

  /**
   * Reads the keys that seal the store again.
   *
   * @throws CredentialStoreException with {@code WRONG_KEY} if one of them does not open
   */
  void requireSealingKeys();

  /**
   * Opens the key of a credential with the sealing keys that were read by now, without asking the
   * database.
   *
   * @param credential as it was received
   * @return the key, for the caller to destroy
   * @throws CredentialStoreException with {@code CORRUPT} if it is damaged, with {@code WRONG_KEY}
   *     if its sealing key is not there
   */
  PreSharedKey open(SealedCredential credential);

  /**
   * Returns the clock that the deadlines of rotations are compared with.
   *
   * @return the clock
   */
  Clock clock();

  /** Ends the rotations whose deadline has passed. Lookups go by the deadline until then. */
  void finishDueRotations();

  /**
   * Registers a callback that is called soon after the store has changed, by whomever. It may be
   * called more often, and, where the engine cannot tell, never.
   *
   * @param wake returns at once
   * @return closed by the caller
   */
  Registration onChange(Runnable wake);
}
