// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import java.util.Optional;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.server.registration.Registration;

/** What sessions prove of their peers. */
final class Peers {
  private Peers() {}

  static LwM2mIdentity of(Registration registration) {
    return registration.getClientTransportData().getIdentity();
  }

  static boolean usesPsk(LwM2mIdentity peer) {
    return peer instanceof org.eclipse.leshan.core.peer.PskIdentity;
  }

  static boolean usesPsk(Registration registration) {
    return usesPsk(of(registration));
  }

  /** The PSK identity of a session; empty if it has none. */
  static Optional<PskIdentity> pskIdentity(LwM2mIdentity peer) {
    return peer instanceof org.eclipse.leshan.core.peer.PskIdentity psk
        ? PskInfos.identity(psk.getPskIdentity())
        : Optional.empty();
  }

  /** Whether an identity is one of the endpoint's, which has two while it rotates. */
  static boolean isOf(CredentialStore credentials, String endpoint, PskIdentity identity) {
    return credentials.findEndpoint(identity).filter(endpoint::equals).isPresent();
  }

  static boolean isRevoked(CredentialStore credentials, String endpoint) {
    return credentials.findRevocation(endpoint).isPresent();
  }
}
