// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.RefusedCredentialException;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.WeakKeyException;

/** What became of a credential that was imported; in a dry run, what would become of it. */
public enum ImportOutcome {
  /** The endpoint had no credential. */
  ADDED,
  /** The endpoint had the same credential already. */
  UNCHANGED,
  /** The endpoint had another credential, which is no longer good. */
  REPLACED,
  /** Refused: the endpoint has another credential, and the import does not replace. */
  CHANGED,
  /** Refused: the PSK identity belongs to another endpoint. */
  CONFLICTING,
  /** Refused: the endpoint or the PSK identity was revoked. */
  REVOKED,
  /** Refused: the store's key policy does not allow the key. */
  WEAK;

  /**
   * Returns whether the store did not take the credential.
   *
   * @return whether it was refused; what was there already was not
   */
  public boolean isRefused() {
    return compareTo(REPLACED) > 0;
  }

  static ImportOutcome of(PutOutcome outcome) {
    return switch (outcome) {
      case ADDED -> ADDED;
      case REPLACED -> REPLACED;
      case UNCHANGED -> UNCHANGED;
    };
  }

  static ImportOutcome of(RefusedCredentialException refusal) {
    if (refusal instanceof WeakKeyException) {
      return WEAK;
    } else if (refusal instanceof EndpointInUseException) {
      return CHANGED;
    } else if (refusal instanceof DuplicatePskIdentityException) {
      return CONFLICTING;
    } else if (refusal instanceof RevokedCredentialException) {
      return REVOKED;
    }
    throw new IllegalArgumentException("no credential that exists is refused so", refusal);
  }
}
