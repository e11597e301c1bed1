package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.PskIdentity;

/**
 * A credential that a store no longer holds, without its key.
 *
 * @param endpoint whose it was
 * @param pskIdentity the identity that sessions made with it carry
 * @param cause what happened to it
 */
public record RetiredCredential(String endpoint, PskIdentity pskIdentity, Cause cause) {
  /** What happened. */
  public enum Cause {
    /** The endpoint has another credential now, perhaps with the same identity. */
    REPLACED,
    /** The endpoint has no credential any more. */
    REMOVED,
    /** The endpoint has no credential any more, and is to get none. */
    REVOKED
  }
}
