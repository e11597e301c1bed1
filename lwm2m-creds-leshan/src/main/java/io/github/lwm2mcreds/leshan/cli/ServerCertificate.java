// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate of the server's own making, for clients that pin it: EC P-256, self-signed, in a
 * PEM file of mode 0600 with its key. It is made once, and the same at the next start.
 */
final class ServerCertificate {
  private static final Duration VALIDITY = Duration.ofDays(3650);

  /** Addresses to listen on that nobody calls. */
  private static final Set<String> ANY = Set.of("0.0.0.0", "::");

  private static final byte[] LINE_END = {'\n'};

  private ServerCertificate() {}

  /** Makes the file. Never overwrites one. */
  static void make(Path file, String host) throws CommandException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X509Certificate certificate = certificate(pair, host);
      SecretBytes.useAndWipe(
          pem(pair, certificate),
          content -> {
            PrivateFile.writeNew(file, content, Optional.empty());
            return null;
          });
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw CommandException.failed("this Java runtime cannot make a certificate", e);
    }
  }

  private static X509Certificate certificate(KeyPair pair, String host)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    X500Name name = new X500Name("CN=lwm2m-creds provisioning");
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(127, new SecureRandom()),
            Date.from(now.minus(Duration.ofHours(1))), // clocks differ
            Date.from(now.plus(VALIDITY)),
            name,
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.subjectAlternativeName, false, names(host));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  /** Names the server as clients may call it that go by the name, such as curl. */
  private static GeneralNames names(String host) {
    Set<String> names = new LinkedHashSet<>(Set.of("localhost"));
    Set<String> addresses = new LinkedHashSet<>(Set.of("127.0.0.1", "::1"));
    if (!ANY.contains(host)) {
      (isAddress(host) ? addresses : names).add(host);
    }
    try {
      names.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      // a machine without a name
    }
    return new GeneralNames(
        Stream.concat(
                names.stream().map(each -> new GeneralName(GeneralName.dNSName, each)),
                addresses.stream().map(each -> new GeneralName(GeneralName.iPAddress, each)))
            .toArray(GeneralName[]::new));
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
  }

  private static byte[] pem(KeyPair pair, X509Certificate certificate)
      throws CertificateEncodingException {
    Wiped out = new Wiped();
    SecretBytes.useAndWipe(
        pair.getPrivate().getEncoded(),
        key -> {
          write("PRIVATE KEY", key, out);
          return null;
        });
    write("CERTIFICATE", certificate.getEncoded(), out);
    return out.take();
  }

  private static void write(String type, byte[] content, ByteArrayOutputStream out) {
    out.writeBytes(("-----BEGIN " + type + "-----\n").getBytes(StandardCharsets.US_ASCII));
    SecretBytes.useAndWipe(
        Base64.getMimeEncoder(64, LINE_END).encode(content),
        text -> {
          out.writeBytes(text);
          return null;
        });
    out.writeBytes(("\n-----END " + type + "-----\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Has more room than a key and a certificate need, as growing would leave a copy behind. */
  private static final class Wiped extends ByteArrayOutputStream {
    Wiped() {
      super(16 * 1024);
    }

    synchronized byte[] take() {
      byte[] content = toByteArray();
      Arrays.fill(buf, (byte) 0);
      return content;
    }
  }

  /** Returns a certificate's fingerprint as --pin takes it. */
  static String fingerprint(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256, and X.509 is encoded", e);
    }
  }
}
