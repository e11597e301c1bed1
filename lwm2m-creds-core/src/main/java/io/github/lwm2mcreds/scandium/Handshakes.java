// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.Set;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;

/** How far handshakes under way have come. */
final class Handshakes {
  private Handshakes() {}

  /**
   * Returns whether a handshake has or waits for the key of one of some identities, or resumes its
   * session.
   */
  static boolean hasAsked(Handshaker handshaker, Set<String> identities) {
    if (handshaker.getPeerIdentity() instanceof PreSharedKeyIdentity psk) {
      return identities.contains(psk.getIdentity());
    }
    if (handshaker instanceof ServerHandshaker server) {
      PskPublicInformation asked = server.getPreSharedKeyIdentity();
      return asked != null && identities.contains(asked.getPublicInfoAsString());
    }
    return handshaker.isPskRequestPending(); // it does not report for which key
  }

  /** Returns whether a handshake has or waits for a key, or resumes a session of one. */
  static boolean hasAskedAny(Handshaker handshaker) {
    return handshaker.getPeerIdentity() instanceof PreSharedKeyIdentity
        || handshaker instanceof ServerHandshaker server && server.getPreSharedKeyIdentity() != null
        || handshaker.isPskRequestPending();
  }

  /** Returns whether a handshake has failed already: its peer sent what does not decrypt. */
  static boolean isRefused(Handshaker handshaker) {
    return handshaker.getDtlsContext().getMacErrors() > 0;
  }
}
