// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A private key in a file, PKCS#12 or PEM, with its certificate and those between it and an
 * authority, as TLS sends them.
 *
 * @param key the private key
 * @param chain its certificate first
 */
record TlsKeyFile(PrivateKey key, List<X509Certificate> chain) {
  /**
   * Reads all of it.
   *
   * @param option the option that names the file
   * @param certificates a PEM file with the certificates; null if they are in the same file
   * @param password what the file is encrypted with; null if it is not; wiped by the caller
   */
  static TlsKeyFile read(
      String option, Path file, Path certificates, char[] password, Streams streams)
      throws CommandException {
    ManifestKeyFile first = ManifestKeyFile.read(option, file, certificates, password, streams);
    byte[] content = InputFile.read(file);
    if (!PemBlocks.isPem(content)) {
      return SecretBytes.useAndWipe(content, bytes -> ofKeyStore(file, first, bytes, password));
    }
    List<X509Certificate> chain =
        certificates == null
            ? SecretBytes.useAndWipe(content, bytes -> certificates(file, bytes))
            : certificates(certificates, InputFile.read(certificates));
    return new TlsKeyFile(first.key(), chain);
  }

  /** Reads all certificates of a file, in PEM or one in DER. */
  static List<X509Certificate> certificates(Path file) throws CommandException {
    return certificates(file, InputFile.read(file));
  }

  private static List<X509Certificate> certificates(Path file, byte[] content)
      throws CommandException {
    List<byte[]> encoded =
        PemBlocks.isPem(content) ? PemBlocks.all(content, "CERTIFICATE") : List.of(content);
    List<X509Certificate> found = new ArrayList<>();
    try {
      for (byte[] each : encoded) {
        found.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(each)));
      }
    } catch (CertificateException e) {
      throw CommandException.refused(InputFile.name(file) + ": holds no X.509 certificate", e);
    }
    if (found.isEmpty()) {
      throw CommandException.refused(InputFile.name(file) + ": holds no X.509 certificate");
    }
    return found;
  }

  private static TlsKeyFile ofKeyStore(
      Path file, ManifestKeyFile first, byte[] content, char[] password) throws CommandException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(content), password);
      List<X509Certificate> chain = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          for (Certificate certificate : store.getCertificateChain(alias)) {
            chain.add((X509Certificate) certificate);
          }
        }
      }
      return new TlsKeyFile(first.key(), chain);
    } catch (GeneralSecurityException | IOException e) {
      throw CommandException.refused(InputFile.name(file) + ": is not a PKCS#12 file", e);
    }
  }

  @Override
  public String toString() {
    return "TlsKeyFile[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}
