// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import java.util.Arrays;

/**
 * A credential as an engine keeps it, with its key sealed.
 *
 * @param endpoint the LwM2M endpoint client name
 * @param pskIdentity the identity the device sends in its handshake
 * @param role what the endpoint uses it for
 * @param sealed the sealed key; may be damaged. The array is not copied, and must not be changed
 */
public record SealedCredential(String endpoint, PskIdentity pskIdentity, Role role, byte[] sealed) {
  /** What an endpoint uses a credential for. */
  public enum Role {
    /** The credential the endpoint has. */
    CURRENT,
    /** The credential the endpoint rotates to. */
    NEXT
  }

  /**
   * Compares all components, the sealed key by its bytes.
   *
   * @param other anything
   * @return whether it is the same, sealed the same time
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof SealedCredential that
        && endpoint.equals(that.endpoint)
        && pskIdentity.equals(that.pskIdentity)
        && role == that.role
        && Arrays.equals(sealed, that.sealed);
  }

  @Override
  public int hashCode() {
    return pskIdentity.hashCode();
  }

  /**
   * Describes the credential without its key.
   *
   * @return endpoint, identity and role
   */
  @Override
  public String toString() {
    return "SealedCredential[endpoint="
        + Printable.escape(endpoint)
        + ", pskIdentity="
        + pskIdentity
        + ", role="
        + role
        + "]";
  }
}
