// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.manifest.ManifestOpener;
import io.github.lwm2mcreds.manifest.ManifestSealer;
import io.github.lwm2mcreds.manifest.ManifestSigner;
import io.github.lwm2mcreds.manifest.TrustedSigners;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Who seals a lot, with a key on P-256, and who opens it, with an RSA key of 2048 bits. */
record LotIdentities(ManifestSealer sealer, ManifestOpener opener) {
  static LotIdentities make() throws IOException {
    try {
      KeyPair factory = keys("EC", 256);
      KeyPair server = keys("RSA", 2048);
      X509Certificate signer = certificate("factory", factory, "SHA256withECDSA");
      X509Certificate receiver = certificate("server", server, "SHA256withRSA");
      return new LotIdentities(
          ManifestSealer.builder(ManifestSigner.of(factory.getPrivate(), signer))
              .recipient(receiver)
              .build(),
          ManifestOpener.of(TrustedSigners.of(signer), server.getPrivate(), receiver));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("every Java runtime has these algorithms", e);
    }
  }

  private static KeyPair keys(String algorithm, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(String name, KeyPair keys, String algorithm)
      throws GeneralSecurityException, OperatorCreationException {
    X500Name subject = new X500Name("CN=" + name);
    Instant now = Instant.now();
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    subject,
                    BigInteger.ONE,
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    subject,
                    keys.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate())));
  }
}
