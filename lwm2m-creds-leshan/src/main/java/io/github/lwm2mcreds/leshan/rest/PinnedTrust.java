// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.leshan.internal.TlsKeys;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust in given certificates and nothing else.
 *
 * <p>A server that presents a pinned certificate itself is trusted whatever its name, as only the
 * holder of that certificate's key can; one whose certificate was issued by a pinned CA must have
 * the name it was called by.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
  private final Set<X509Certificate> pinned;
  private final Set<Fingerprint> fingerprints;
  private final X509ExtendedTrustManager authorities;

  private PinnedTrust(
      Set<X509Certificate> pinned,
      Set<Fingerprint> fingerprints,
      X509ExtendedTrustManager authorities) {
    this.pinned = pinned;
    this.fingerprints = fingerprints;
    this.authorities = authorities;
  }

  /** Makes a check of servers that trusts nothing but these. */
  static TrustManager of(
      Collection<X509Certificate> certificates, Collection<Fingerprint> fingerprints) {
    try {
      return new PinnedTrust(
          Set.copyOf(certificates), Set.copyOf(fingerprints), authorities(certificates));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime cannot trust given certificates only", e);
    }
  }

  /** Makes the JDK's own check for those certificates that say they are a CA's, or null if none. */
  private static X509ExtendedTrustManager authorities(Collection<X509Certificate> certificates)
      throws GeneralSecurityException, IOException {
    List<X509Certificate> anchors =
        certificates.stream().filter(any -> any.getBasicConstraints() >= 0).toList();
    return anchors.isEmpty() ? null : (X509ExtendedTrustManager) TlsKeys.trust(anchors)[0];
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    if (pinned.contains(chain[0]) || fingerprints.contains(Fingerprint.of(chain[0]))) {
      chain[0].checkValidity();
    } else if (authorities == null) {
      throw new CertificateException("the server's certificate is not the one that is pinned");
    } else {
      authorities.checkServerTrusted(chain, authType, engine);
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw onlyEngines();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw onlyEngines();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw onlyEngines();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw onlyEngines();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw onlyEngines();
  }

  private static CertificateException onlyEngines() {
    return new CertificateException("only servers that the HTTP client talks to are checked here");
  }
}
