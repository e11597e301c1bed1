// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** What a builder was told about connections. */
final class TransportSettings {
  private final List<X509Certificate> trusted = new ArrayList<>();
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
    if (plain && !trusted.isEmpty()) {
      throw new IllegalArgumentException(
          "certificates are pinned but the server's URI is plain http; use https");
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
    if (!trusted.isEmpty()) {
      http.sslContext(PinnedTrust.sslContext(trusted));
    }
    return new Transport(http.build(), requestTimeout, Optional.ofNullable(header));
  }
}
