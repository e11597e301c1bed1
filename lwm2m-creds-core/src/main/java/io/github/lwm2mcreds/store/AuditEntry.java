package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.PskIdentity;
import java.time.Instant;
import java.util.Optional;

/**
 * One change of a store: who did what, and when; never a key.
 *
 * @param number the changes of a store have ascending numbers, without gaps
 * @param time when, by the clock of the machine that made the change
 * @param actor who made it
 * @param action what was done
 * @param endpoint to whom; empty if to the store as a whole
 * @param pskIdentity the identity of the credential that came, or else of the one that went; empty
 *     if there was none
 * @param checkValue the check value of its key; empty if there was none, or it did not open
 * @param reason why, as the actor put it; may be empty
 */
public record AuditEntry(
    long number,
    Instant time,
    String actor,
    Action action,
    String endpoint,
    Optional<PskIdentity> pskIdentity,
    Optional<String> checkValue,
    String reason) {
  /** What was done. */
  public enum Action {
    /** The endpoint got a credential. */
    ADDED,
    /** A credential was taken out, in favour of another that is added next. */
    REPLACED,
    /** The endpoint's credential was taken away. */
    REMOVED,
    /** The endpoint's credential was taken away, not to come back. */
    REVOKED,
    /** An endpoint that was revoked may have a credential again. */
    REINSTATED,
    /** The endpoint got its next credential, besides the one it has. */
    ROTATION_STARTED,
    /** The next credential became the endpoint's only one; its old one is good no longer. */
    ROTATED,
    /** All keys were sealed anew, under a new store key. */
    RESEALED
  }
}
