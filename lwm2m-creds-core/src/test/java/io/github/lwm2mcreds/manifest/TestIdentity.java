// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key and a certificate that it signed itself.
 *
 * @param key the private key
 * @param certificate its certificate
 */
record TestIdentity(PrivateKey key, X509Certificate certificate) {
  static final TestIdentity FACTORY = ec("factory");
  static final TestIdentity SERVER = rsa("server", 2048);
  static final TestIdentity EC_SERVER = ec("ec-server");

  static TestIdentity rsa(String name, int bits) {
    return make("RSA", bits, name, -1, Duration.ofDays(1));
  }

  static TestIdentity ec(String name) {
    return make("EC", 256, name, -1, Duration.ofDays(1));
  }

  static TestIdentity make(String algorithm, int bits, String name, int usage, Duration validity) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (!algorithm.equals("Ed25519")) {
        generator.initialize(bits);
      }
      return of(generator.generateKeyPair(), name, usage, validity);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static TestIdentity of(KeyPair keys, String name, int usage, Duration validity)
      throws Exception {
    X500Name subject = new X500Name("CN=" + name);
    Instant end = Instant.now().plus(validity);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            BigInteger.valueOf(System.nanoTime()),
            Date.from(end.minus(Duration.ofDays(10))),
            Date.from(end),
            subject,
            keys.getPublic());
    if (usage >= 0) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    }
    String algorithm =
        switch (keys.getPrivate().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    return new TestIdentity(
        keys.getPrivate(),
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))));
  }

  ManifestSigner signer() {
    try {
      return ManifestSigner.of(key, certificate);
    } catch (ManifestException e) {
      throw new AssertionError(e);
    }
  }

  TrustedSigners trusted() {
    return TrustedSigners.of(certificate);
  }

  ManifestOpener opener(TestIdentity signer) throws ManifestException {
    return ManifestOpener.of(signer.trusted(), key, certificate);
  }

  /** Writes the certificate for openssl. */
  Path writeCertificate(Path file) throws IOException {
    try {
      return pem(file, "CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes the private key for openssl. */
  Path writeKey(Path file) throws IOException {
    return pem(file, "PRIVATE KEY", key.getEncoded());
  }

  private static Path pem(Path file, String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }
}
