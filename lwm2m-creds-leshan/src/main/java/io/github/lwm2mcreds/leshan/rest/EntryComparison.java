// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PskIdentity;
import java.util.Optional;

/**
 * How a credential compares with what a Leshan server holds for its endpoint. Contains no key.
 *
 * @param endpoint the credential's endpoint
 * @param outcome the result
 * @param mode how the server secures the endpoint now; empty if it does not know the endpoint
 * @param pskIdentity the PSK identity that the endpoint has on the server; empty in another mode,
 *     or if it is not valid
 * @param checkValue the check value of the key that the endpoint has on the server; empty in
 *     another mode, or if the key is not valid
 * @param identityOwner another endpoint that has the credential's PSK identity on the server
 */
public record EntryComparison(
    String endpoint,
    Outcome outcome,
    Optional<SecurityEntry.Mode> mode,
    Optional<PskIdentity> pskIdentity,
    Optional<KeyCheckValue> checkValue,
    Optional<String> identityOwner) {

  /** What {@link LeshanSecurityApi#put} of the credential does. */
  public enum Outcome {
    /** It adds the endpoint, which the server does not know. */
    NEW,
    /** Nothing: the server holds the same credential. */
    SAME,
    /** It replaces the endpoint's key. */
    OTHER_KEY,
    /** It replaces the endpoint's PSK identity; the key may differ, too. */
    OTHER_IDENTITY,
    /** It replaces what the endpoint has in another mode than {@link SecurityEntry.Mode#PSK}. */
    OTHER_MODE,
    /** It fails: another endpoint on the server has the PSK identity. */
    IDENTITY_IN_USE,
    /**
     * It adds the endpoint, finds the same credential there, or fails: the server lets this client
     * add credentials, and see and replace none.
     */
    NOT_SHOWN;

    /**
     * Returns whether sending the credential takes away what the endpoint uses now.
     *
     * @return whether something would be replaced
     */
    public boolean replaces() {
      return this == OTHER_KEY || this == OTHER_IDENTITY || this == OTHER_MODE;
    }
  }
}
