// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.PskIdentity;

/**
 * A credential that a store no longer holds, without its key.
 *
 * @param endpoint whose it was
 * @param pskIdentity the identity of the sessions made with it
 * @param cause what happened to it
 */
public record RetiredCredential(String endpoint, PskIdentity pskIdentity, Cause cause) {
  /** What happened. */
  public enum Cause {
    /** The endpoint has another credential now, perhaps with the same identity. */
    REPLACED,
    /** The endpoint no longer has a credential. */
    REMOVED,
    /** The endpoint no longer has a credential, and may not get one. */
    REVOKED
  }
}
