// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Seals manifests of any size for their receivers, in constant memory: a CMS SignedData (RFC 5652)
 * by the factory, of which the content is a CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM.
 *
 * <p>It is sealed first and signed second, so that whoever carries it can check who made it, and
 * the receiver decrypts nothing before it has checked that. Keys travel by RSA-OAEP with SHA-256
 * (RFC 3560) or ephemeral ECDH (RFC 5753). {@code openssl cms} reads it; Bouncy Castle's bcpkix, an
 * optional dependency, makes it.
 */
public final class ManifestSealer {
  /** How the content is encrypted. */
  public enum Encryption {
    /** AuthEnvelopedData with AES-256-GCM. */
    AES_256_GCM,
    /**
     * EnvelopedData with AES-256-CBC, for receivers with OpenSSL before 3.0. The signature alone
     * protects it against changes.
     */
    AES_256_CBC
  }

  private final List<X509Certificate> recipients;
  private final ManifestSigner signer;
  private final Encryption encryption;

  private ManifestSealer(Builder builder) {
    this.recipients = List.copyOf(builder.recipients);
    this.signer = builder.signer;
    this.encryption = builder.encryption;
  }

  /**
   * Returns a builder of sealers.
   *
   * @param signer who signs
   * @return a builder without recipients
   */
  public static Builder builder(ManifestSigner signer) {
    return new Builder(signer);
  }

  /** Settings of a sealer. */
  public static final class Builder {
    private final ManifestSigner signer;
    private final List<X509Certificate> recipients = new ArrayList<>();
    private Encryption encryption = Encryption.AES_256_GCM;

    private Builder(ManifestSigner signer) {
      this.signer = Objects.requireNonNull(signer, "signer");
    }

    /**
     * Adds a receiver, who can open the manifest alone.
     *
     * @param certificate of an RSA or EC key
     * @return this
     * @throws ManifestException if the certificate is not valid now, or not for this use
     */
    public Builder recipient(X509Certificate certificate) throws ManifestException {
      Certificates.requireRecipient(certificate);
      recipients.add(certificate);
      return this;
    }

    /**
     * Sets how the content is encrypted.
     *
     * @param encryption by default AES-256-GCM
     * @return this
     */
    public Builder encryption(Encryption encryption) {
      this.encryption = Objects.requireNonNull(encryption, "encryption");
      return this;
    }

    /**
     * Returns a sealer.
     *
     * @return the sealer, which can be used any number of times
     * @throws IllegalStateException if there is no recipient
     */
    public ManifestSealer build() {
      if (recipients.isEmpty()) {
        throw new IllegalStateException("a sealed manifest needs a recipient");
      }
      return new ManifestSealer(this);
    }
  }

  /**
   * Begins to seal.
   *
   * @param out where the sealed manifest goes; stays open
   * @return where the manifest in clear goes, to be finished
   * @throws ManifestException if Bouncy Castle is missing or cannot use a key
   * @throws IOException if it cannot be written
   */
  public SealedOutput seal(OutputStream out) throws IOException {
    return BouncyCastle.guarded(() -> CmsWriting.seal(out, recipients, signer, encryption));
  }

  @Override
  public String toString() {
    return "ManifestSealer[" + encryption + ", recipients=" + recipients.size() + "]";
  }
}
