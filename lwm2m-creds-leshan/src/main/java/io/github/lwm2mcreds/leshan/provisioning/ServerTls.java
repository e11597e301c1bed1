// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.leshan.internal.TlsKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS 1.2 and 1.3 with the server's certificate, and with those of clients if they may have one.
 */
final class ServerTls {
  private static final int SESSION_SECONDS = 300;

  private ServerTls() {}

  static SslContextFactory.Server of(
      PrivateKey key, List<X509Certificate> chain, Collection<X509Certificate> authorities) {
    requirePair(key, chain.get(0));
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(context(key, chain, authorities));
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    tls.setRenegotiationAllowed(false);
    tls.setSslSessionTimeout(SESSION_SECONDS);
    tls.setWantClientAuth(!authorities.isEmpty());
    return tls;
  }

  private static SSLContext context(
      PrivateKey key, List<X509Certificate> chain, Collection<X509Certificate> authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] trust =
          authorities.isEmpty() ? new TrustManager[0] : TlsKeys.trust(authorities);
      context.init(TlsKeys.managers(key, chain), trust, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the authorities of the client certificates cannot be used for TLS", e);
    }
  }

  /** TLS itself would fail with each client, and not say why. */
  private static void requirePair(PrivateKey key, X509Certificate certificate) {
    try {
      byte[] sample = "lwm2m-creds".getBytes(US_ASCII);
      String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(sample);
      if (!signature.verify(signed)) {
        throw new IllegalArgumentException("the certificate is not that of the private key");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the certificate is not that of the private key", e);
    }
  }
}
