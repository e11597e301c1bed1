// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A certificate by its SHA-256, as {@code openssl x509 -fingerprint -sha256} and browsers show it.
 *
 * @param hex 64 lower-case digits
 */
record Fingerprint(String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final String ALGORITHM = "sha256:";

  /** Reads one with or without colons between the bytes, and with {@code sha256:} before it. */
  static Fingerprint parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    String digits =
        (lower.startsWith(ALGORITHM) ? lower.substring(ALGORITHM.length()) : lower)
            .replace(":", "");
    if (!HEX.matcher(digits).matches()) {
      throw new IllegalArgumentException(
          "a certificate's fingerprint is sha256: and 64 hex digits, with or without colons");
    }
    return new Fingerprint(digits);
  }

  static Fingerprint of(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return new Fingerprint(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("every Java runtime has SHA-256, and X.509 is encoded", e);
    }
  }
}
