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
 */
public record RegistrationRefusal(String endpoint, String peer, String reason) {
  /** Escapes what the peer says. */
  static RegistrationRefusal of(String endpoint, LwM2mIdentity identity, String reason) {
    String peer =
        identity instanceof PskIdentity psk
            ? "PSK identity '" + Printable.escape(psk.getPskIdentity()) + "'"
            : Printable.escape(identity.toString());
    return new RegistrationRefusal(Printable.escape(endpoint), peer, reason);
  }
}
