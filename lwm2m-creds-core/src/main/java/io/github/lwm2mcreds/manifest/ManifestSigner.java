// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * Who signs a sealed manifest or a receipt: a private key, which may be one of a hardware module,
 * and its certificate.
 */
public final class ManifestSigner {
  private final PrivateKey key;
  private final X509Certificate certificate;

  private ManifestSigner(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * Returns a signer.
   *
   * @param key an RSA or EC key
   * @param certificate the key's certificate, which is sent along
   * @return the signer
   * @throws ManifestException if the certificate's key is not RSA of 2048 bits or more, or EC, or
   *     the private key is of another kind
   */
  public static ManifestSigner of(PrivateKey key, X509Certificate certificate)
      throws ManifestException {
    Certificates.requireSuitable(certificate);
    Certificates.requireSameKind(key, certificate);
    return new ManifestSigner(key, certificate);
  }

  PrivateKey key() {
    return key;
  }

  X509Certificate certificate() {
    return certificate;
  }

  @Override
  public String toString() {
    return "ManifestSigner[" + Certificates.name(certificate) + "]";
  }
}
