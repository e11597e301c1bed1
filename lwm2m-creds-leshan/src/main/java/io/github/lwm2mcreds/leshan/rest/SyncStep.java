// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialSummary;
import java.util.Optional;

/**
 * What a synchronisation does about one endpoint, and why. Contains no key.
 *
 * @param endpoint the endpoint
 * @param action what is done on the server
 * @param cause why
 * @param stored the credential that the store has for the endpoint; empty if it has none
 * @param mode how the server secures the endpoint now; empty if it does not know the endpoint
 * @param pskIdentity the PSK identity that the endpoint has on the server; empty in another mode,
 *     or if it is not valid
 * @param checkValue the check value of the key that the endpoint has on the server; empty in
 *     another mode, or if the key is not valid
 * @param identityOwner another endpoint that has the stored credential's PSK identity on the
 *     server; with {@link Action#CONFLICT} it keeps it, otherwise it gives it up first
 */
public record SyncStep(
    String endpoint,
    Action action,
    Cause cause,
    Optional<CredentialSummary> stored,
    Optional<SecurityEntry.Mode> mode,
    Optional<PskIdentity> pskIdentity,
    Optional<KeyCheckValue> checkValue,
    Optional<String> identityOwner) {

  /** What is done on the server. */
  public enum Action {
    /** The store's credential is put on the server, which does not know the endpoint. */
    ADD,
    /** The store's credential replaces what the server has for the endpoint. */
    REPLACE,
    /** The endpoint is removed from the server. */
    REMOVE,
    /**
     * The endpoint is revoked, and its name is one that cannot be removed: its key is replaced by a
     * random one that nobody knows, so that the device cannot connect anew. Somebody has to take
     * the endpoint out of the server's own store; open sessions last until then.
     */
    LOCK,
    /** Nothing: the server has what the store has. */
    UNCHANGED,
    /** Nothing: the store does not know the server's entry, which stays. */
    KEEP,
    /** Nothing can be done while another endpoint on the server has the PSK identity. */
    CONFLICT,
    /** Nothing can be done through the server's API, or without the key. */
    IMPOSSIBLE;

    /**
     * Returns whether the server is changed.
     *
     * @return whether something is put or removed
     */
    public boolean changes() {
      return this == ADD || this == REPLACE || this == REMOVE || this == LOCK;
    }

    /**
     * Returns whether the server does not come to the store's state in this endpoint.
     *
     * @return whether somebody has to look at it
     */
    public boolean isFinding() {
      return this == CONFLICT || this == IMPOSSIBLE || this == LOCK;
    }
  }

  /** Why something is done, or is not. */
  public enum Cause {
    /** The store has a credential, and the server does not know the endpoint. */
    NEW,
    /** The server has the store's credential. */
    SAME,
    /**
     * The server has the next credential of a rotation that is under way. As long as both are good,
     * either may stay.
     */
    SAME_AS_NEXT,
    /** The server has another key. */
    OTHER_KEY,
    /** The server has another PSK identity; the key may differ, too. */
    OTHER_IDENTITY,
    /** The endpoint is revoked in the store. */
    REVOKED,
    /** The store once had just this credential, and has none for the endpoint now. */
    REMOVED,
    /** The store once had the endpoint, but never this credential. */
    UNKNOWN_CREDENTIAL,
    /** The store never had the endpoint. */
    UNKNOWN,
    /** Another endpoint on the server has the PSK identity, and keeps it. */
    IDENTITY_IN_USE,
    /** The server secures the endpoint in another mode, which is not replaced. */
    OTHER_MODE,
    /** {@link LeshanSecurityApi#remove} cannot take the endpoint away, now or later. */
    UNREMOVABLE,
    /** The PSK identity is not text, which is all that the API carries. */
    UNSENDABLE,
    /** The store's key does not open. */
    UNOPENED_KEY
  }

  SyncStep with(Action otherAction, Cause otherCause) {
    return new SyncStep(
        endpoint, otherAction, otherCause, stored, mode, pskIdentity, checkValue, identityOwner);
  }

  SyncStep withOwner(String owner) {
    return new SyncStep(
        endpoint, action, cause, stored, mode, pskIdentity, checkValue, Optional.of(owner));
  }
}
