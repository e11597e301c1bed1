// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.Printable;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.PskIdentity;

/**
 * A request that a server refused.
 *
 * @param endpoint the endpoint the device claims, escaped for people and logs
 * @param peer the identity of its session, such as a PSK identity, escaped likewise
 * @param reason why, as one of a few phrases for people
 * @param claimedEndpoint the endpoint as the device says it, to compare with those of a store
 */
public record RegistrationRefusal(
    String endpoint, String peer, String reason, String claimedEndpoint) {
  /**
   * Makes a refusal of an endpoint that has nothing to escape.
   *
   * @param endpoint the endpoint the device claims
   * @param peer the identity of its session, escaped
   * @param reason why
   */
  public RegistrationRefusal(String endpoint, String peer, String reason) {
    this(endpoint, peer, reason, endpoint);
  }

  /** Escapes what the peer says. */
  static RegistrationRefusal of(String endpoint, LwM2mIdentity identity, String reason) {
    String peer =
        identity instanceof PskIdentity psk
            ? "PSK identity '" + Printable.escape(psk.getPskIdentity()) + "'"
            : Printable.escape(identity.toString());
    return new RegistrationRefusal(Printable.escape(endpoint), peer, reason, endpoint);
  }

  /** Returns the refusal as text for people and logs, with nothing that is not escaped. */
  @Override
  public String toString() {
    return "RegistrationRefusal[endpoint="
        + endpoint
        + ", peer="
        + peer
        + ", reason="
        + reason
        + "]";
  }
}
