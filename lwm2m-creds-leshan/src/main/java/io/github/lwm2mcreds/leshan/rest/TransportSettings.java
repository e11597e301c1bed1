// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.leshan.internal.TlsKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** What a builder was told about connections. */
final class TransportSettings {
  private final List<X509Certificate> trusted = new ArrayList<>();
  private final List<Fingerprint> pins = new ArrayList<>();
  private KeyManager[] clientKeys = {};
  private Duration connectTimeout = Duration.ofSeconds(10);
  private Duration requestTimeout = Duration.ofSeconds(30);
  private SecretHeader header;

  void trust(X509Certificate certificate) {
    trusted.add(Objects.requireNonNull(certificate, "certificate"));
  }

  void trust(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Collection<? extends Certificate> found;
    try {
      found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(file + " is not a file of certificates in PEM or DER", e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no certificate; it should, in PEM or DER");
    }
    found.forEach(certificate -> trust((X509Certificate) certificate));
  }

  void pin(String fingerprint) {
    pins.add(Fingerprint.parse(fingerprint));
  }

  void clientKey(PrivateKey key, List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a client's key needs its certificate; there is none");
    }
    clientKeys = TlsKeys.managers(key, chain);
  }

  void connectTimeout(Duration timeout) {
    connectTimeout = checked(timeout);
  }

  void requestTimeout(Duration timeout) {
    requestTimeout = checked(timeout);
  }

  private static Duration checked(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("a timeout is more than zero, not " + timeout);
    }
    return timeout;
  }

  void header(SecretHeader header) {
    this.header = header;
  }

  Transport transport(boolean plain) {
    boolean isPinned = !trusted.isEmpty() || !pins.isEmpty();
    if (plain && (isPinned || clientKeys.length > 0)) {
      throw new IllegalArgumentException(
          (isPinned ? "certificates are pinned" : "a client certificate is given")
              + " but the server's URI is plain http; use https");
    }
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout);
    // A proxy of the system's would see the keys; with TLS it only passes them on.
    ProxySelector proxies =
        plain ? HttpClient.Builder.NO_PROXY : ProxySelector.getDefault(); // which may be null
    http.proxy(proxies == null ? HttpClient.Builder.NO_PROXY : proxies);
    if (isPinned || clientKeys.length > 0) {
      http.sslContext(sslContext(isPinned));
    }
    return new Transport(http.build(), requestTimeout, Optional.ofNullable(header));
  }

  private SSLContext sslContext(boolean isPinned) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          clientKeys, isPinned ? new TrustManager[] {PinnedTrust.of(trusted, pins)} : null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }
}
