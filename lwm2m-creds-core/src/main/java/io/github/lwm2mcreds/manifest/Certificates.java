// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.manifest.ManifestException.Reason;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** What is asked of certificates and their keys. */
final class Certificates {
  private static final int MIN_RSA_BITS = 2048;
  private static final int KEY_ENCIPHERMENT = 2;
  private static final int KEY_AGREEMENT = 4;

  private Certificates() {}

  static boolean isRsa(X509Certificate certificate) {
    return certificate.getPublicKey() instanceof RSAPublicKey;
  }

  static void requireSuitable(X509Certificate certificate) throws ManifestException {
    PublicKey key = certificate.getPublicKey();
    boolean isSuitable =
        key instanceof ECPublicKey
            || key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS;
    if (!isSuitable) {
      throw unsuitable(certificate, "has no EC key, and no RSA key of 2048 bits or more");
    }
  }

  /** Checks that one may seal for a certificate's owner now. */
  static void requireRecipient(X509Certificate certificate) throws ManifestException {
    requireSuitable(certificate);
    try {
      certificate.checkValidity();
    } catch (CertificateException e) {
      throw unsuitable(
          certificate,
          "is valid from "
              + certificate.getNotBefore().toInstant()
              + " to "
              + certificate.getNotAfter().toInstant()
              + " only");
    }
    boolean[] usage = certificate.getKeyUsage();
    if (usage != null && !usage[isRsa(certificate) ? KEY_ENCIPHERMENT : KEY_AGREEMENT]) {
      throw unsuitable(
          certificate,
          "may not be used to seal: its key usage lacks "
              + (isRsa(certificate) ? "keyEncipherment" : "keyAgreement"));
    }
  }

  static void requireSameKind(PrivateKey key, X509Certificate certificate)
      throws ManifestException {
    if (key.getAlgorithm().equals("RSA") != isRsa(certificate)) {
      throw unsuitable(certificate, "is not of the private key, which is of another kind");
    }
  }

  private static ManifestException unsuitable(X509Certificate certificate, String what) {
    return new ManifestException(
        Reason.UNSUITABLE_KEY, "the certificate of " + name(certificate) + " " + what);
  }

  static String name(X509Certificate certificate) {
    return "'" + Printable.escape(certificate.getSubjectX500Principal().getName()) + "'";
  }
}
