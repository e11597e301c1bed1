// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.RpkIdentity;
import org.eclipse.leshan.core.peer.X509Identity;
import org.eclipse.leshan.core.security.certificate.util.X509CertUtil;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.servers.security.SecurityInfo;

/**
 * Ends DTLS sessions with raw public keys and certificates. Unlike Leshan's {@code
 * ConnectionCleaner} it is not stopped by a peer whose certificate has no common name: Scandium
 * gives up at the first exception, and all sessions behind that peer's would live on.
 */
final class OtherSessions {
  private final DTLSConnector connector;

  OtherSessions(DTLSConnector connector) {
    this.connector = connector;
  }

  /** Ends the sessions of some infos; those of pre-shared keys are the connector's own affair. */
  void end(SecurityInfo... infos) {
    List<SecurityInfo> others =
        Stream.of(infos).filter(info -> info != null && !info.usePSK()).toList();
    if (!others.isEmpty()) {
      connector.startTerminateConnectionsForPrincipal(
          peer -> others.stream().anyMatch(info -> isOf(peer, info)));
    }
  }

  /** The info of the session that a registration was made with; empty if there is none for it. */
  static Optional<SecurityInfo> infoOf(Registration registration) {
    LwM2mIdentity peer = Peers.of(registration);
    if (peer instanceof RpkIdentity rpk) {
      return Optional.of(
          SecurityInfo.newRawPublicKeyInfo(registration.getEndpoint(), rpk.getPublicKey()));
    }
    return peer instanceof X509Identity x509
        ? Optional.of(SecurityInfo.newX509CertInfo(x509.getX509CommonName()))
        : Optional.empty();
  }

  static boolean isOf(Principal peer, SecurityInfo info) {
    if (peer instanceof RawPublicKeyIdentity rpk) {
      return rpk.getKey().equals(info.getRawPublicKey());
    }
    boolean hasCertificate = peer instanceof X509CertPath || peer instanceof X500Principal;
    return hasCertificate && info.getEndpoint().equals(commonName(peer));
  }

  /** Returns what Leshan takes for the endpoint of a certificate; empty, as none is, if nothing. */
  private static String commonName(Principal peer) {
    try {
      return X509CertUtil.extractCN(peer.getName());
    } catch (IllegalStateException e) {
      return "";
    }
  }
}
