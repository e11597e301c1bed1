// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.store.CredentialStore;
import java.time.Instant;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.server.registration.Registration;

/** Compares registrations with the credential store. */
final class RegistrationCheck {
  /** What is to become of a registration. */
  enum Verdict {
    GOES_ON,
    OVER,
    /** It may be newer than what is known of the store. */
    NOT_KNOWN_YET
  }

  private final CredentialStore credentials;

  RegistrationCheck(CredentialStore credentials) {
    this.credentials = credentials;
  }

  /** Whether the store says that a registration has to end; throws if the store cannot tell. */
  boolean isOver(Registration registration) {
    return isRevoked(registration) || isStrange(registration);
  }

  /**
   * The same, for a registration that another server may have made: if this one's knowledge is from
   * before, it may lack the credential, and nothing is known yet.
   */
  Verdict verdict(Registration registration) {
    Instant known = credentials.upToDateAt(); // not after it was asked
    if (!isOver(registration)) {
      return Verdict.GOES_ON;
    }
    boolean isNewer = known.isBefore(registration.getRegistrationDate().toInstant());
    return isNewer && !isRevoked(registration) ? Verdict.NOT_KNOWN_YET : Verdict.OVER;
  }

  boolean isRevoked(Registration registration) {
    return Peers.isRevoked(credentials, registration.getEndpoint());
  }

  /** Whether it was made with a PSK identity that is not, or no longer, the endpoint's. */
  private boolean isStrange(Registration registration) {
    LwM2mIdentity peer = Peers.of(registration);
    return Peers.usesPsk(peer)
        && Peers.pskIdentity(peer)
            .filter(identity -> Peers.isOf(credentials, registration.getEndpoint(), identity))
            .isEmpty();
  }
}
