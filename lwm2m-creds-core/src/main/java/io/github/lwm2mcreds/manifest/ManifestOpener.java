// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * Opens sealed manifests of any size in constant memory. It reads a file twice: nothing is
 * decrypted before the signature over all of it was verified.
 */
public final class ManifestOpener {
  private final TrustedSigners signers;
  private final PrivateKey key;
  private final X509Certificate certificate;

  private ManifestOpener(TrustedSigners signers, PrivateKey key, X509Certificate certificate) {
    this.signers = signers;
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * Returns the opener of one receiver.
   *
   * @param signers whose manifests to accept
   * @param key the receiver's private key, which may be one of a hardware module
   * @param certificate the key's certificate, for which manifests are sealed
   * @return the opener
   * @throws ManifestException if the key and the certificate do not belong together or are of
   *     another kind than RSA and EC
   */
  public static ManifestOpener of(
      TrustedSigners signers, PrivateKey key, X509Certificate certificate)
      throws ManifestException {
    Certificates.requireSuitable(certificate);
    Certificates.requireSameKind(key, certificate);
    return new ManifestOpener(Objects.requireNonNull(signers, "signers"), key, certificate);
  }

  /**
   * Returns whether a file looks like a sealed manifest rather than one in clear.
   *
   * @param file any file
   * @return whether it begins as a CMS message
   * @throws IOException if the file cannot be read
   */
  public static boolean isSealed(Path file) throws IOException {
    try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return CmsKind.of(in).isPresent();
    }
  }

  /**
   * Verifies a sealed manifest and opens it.
   *
   * @param sealed a sealed manifest; must not change while it is read, which is found out at the
   *     latest when the stream ends
   * @return the manifest in clear, for a {@link ManifestReader}; to be closed
   * @throws ManifestException if it is unsigned, signed by another, altered, cut, sealed for
   *     others, or no sealed manifest
   * @throws IOException if the file cannot be read
   */
  public InputStream open(Path sealed) throws IOException {
    return BouncyCastle.guarded(
        () -> {
          SealedFile file = new SealedFile(sealed);
          try {
            return file.open(file.verify(signers), new CmsKey(key, certificate));
          } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
          }
        });
  }

  @Override
  public String toString() {
    return "ManifestOpener[" + Certificates.name(certificate) + ", " + signers + "]";
  }
}
