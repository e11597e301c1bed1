// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.PskIdentity;
import java.time.Instant;
import java.util.Optional;

/**
 * One change of a store: who did what, and when. It never holds a key.
 *
 * <p>Times have milliseconds.
 *
 * @param number ascending without gaps
 * @param time when, by the clock of the machine that made the change
 * @param actor who made the change
 * @param action what was done
 * @param endpoint whose credential it is about; empty if it is about the whole store
 * @param pskIdentity the identity of the credential that was added or taken away; empty if there
 *     was none
 * @param checkValue the check value of its key; empty if there was none, or it did not open
 * @param reason why, in the actor's words; may be empty
 * @param hash of the history up to this change
 */
public record AuditEntry(
    long number,
    Instant time,
    String actor,
    Action action,
    String endpoint,
    Optional<PskIdentity> pskIdentity,
    Optional<String> checkValue,
    String reason,
    HistoryHash hash) {
  /**
   * Returns the same change as it follows a history.
   *
   * @param before the hash of the history up to the change before
   * @return the change, with the hash that this gives
   */
  public AuditEntry behind(HistoryHash before) {
    return new AuditEntry(
        number,
        time,
        actor,
        action,
        endpoint,
        pskIdentity,
        checkValue,
        reason,
        before.followedBy(this));
  }

  /**
   * Returns whether this change, as it is, follows a history.
   *
   * @param before the hash of the history up to the change before
   * @return whether its hash is right; not if anything in it, or before it, is other than it was
   */
  public boolean follows(HistoryHash before) {
    return before.followedBy(this).equals(hash);
  }

  /** What was done. */
  public enum Action {
    /** The endpoint got a credential. */
    ADDED,
    /** The credential was replaced by another, which is added next. */
    REPLACED,
    /** The endpoint's credential was taken away. */
    REMOVED,
    /** The endpoint's credential was taken away for good. */
    REVOKED,
    /** An endpoint that was revoked may have a credential again. */
    REINSTATED,
    /** The endpoint got its next credential, besides the one it has. */
    ROTATION_STARTED,
    /** The next credential became the endpoint's only one; its old one is no longer good. */
    ROTATED,
    /** All keys were sealed anew, under a new sealing key. */
    RESEALED
  }
}
