// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The signers that a receiver trusts, each by its own certificate. Who issued the certificates, and
 * how long they are valid, does not count: a signer is trusted as long as it is listed.
 */
public final class TrustedSigners {
  private final List<X509Certificate> certificates;

  private TrustedSigners(List<X509Certificate> certificates) {
    this.certificates = certificates;
  }

  /**
   * Returns the signers with these certificates.
   *
   * @param certificates of RSA or EC keys, at least one
   * @return the signers
   * @throws IllegalArgumentException if there is none
   */
  public static TrustedSigners of(X509Certificate... certificates) {
    if (certificates.length == 0) {
      throw new IllegalArgumentException("somebody has to be trusted");
    }
    return new TrustedSigners(List.of(certificates));
  }

  /**
   * Checks that a sealed manifest is whole and was signed by one of these. Nothing is decrypted, so
   * that whoever carries it can check it, too.
   *
   * @param sealed a sealed manifest
   * @return the certificate of the signer
   * @throws ManifestException if it is unsigned, signed by another, altered, cut, or no sealed
   *     manifest
   * @throws IOException if the file cannot be read
   */
  public X509Certificate verify(Path sealed) throws IOException {
    return BouncyCastle.guarded(
        () -> {
          try (SealedFile file = new SealedFile(sealed)) {
            return file.verify(this).signer();
          }
        });
  }

  List<X509Certificate> certificates() {
    return certificates;
  }

  @Override
  public String toString() {
    return "TrustedSigners" + certificates.stream().map(Certificates::name).toList();
  }
}
