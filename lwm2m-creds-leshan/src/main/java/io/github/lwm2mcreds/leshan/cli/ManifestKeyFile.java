// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A private key and its certificate in files: PKCS#12, or PEM with a PKCS#8 key, where the
 * certificate may be in a file of its own.
 *
 * @param key the private key
 * @param certificate its certificate
 */
record ManifestKeyFile(PrivateKey key, X509Certificate certificate) {
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

  /**
   * Reads both.
   *
   * @param option the option that names the file, such as {@code --sign-with}
   * @param certificateFile null if it is in the same file
   * @param password what the file is encrypted with; null if it is not; wiped by the caller
   */
  static ManifestKeyFile read(
      String option, Path file, Path certificateFile, char[] password, Streams streams)
      throws CommandException {
    byte[] content = InputFile.read(file);
    try {
      if (!PemBlocks.isPem(content)) {
        return fromKeyStore(file, content, password);
      }
      X509Certificate certificate = certificate(certificateFile == null ? file : certificateFile);
      if (PemBlocks.first(content, ENCRYPTED).length == 0) {
        warnOfMode(file, streams);
      }
      return new ManifestKeyFile(privateKey(file, content, password), certificate);
    } catch (GeneralSecurityException | IOException e) {
      throw CommandException.refused(
          InputFile.name(file)
              + ": holds no key that can be read, or has another password ("
              + option
              + " takes PKCS#12 and PEM)",
          e);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static void warnOfMode(Path file, Streams streams) throws IOException {
    Optional<String> mode = PrivateFiles.widerMode(file);
    if (mode.isPresent()) {
      streams.warn(
          InputFile.name(file) + ": others can use this private key: its mode is " + mode.get());
    }
  }

  private static ManifestKeyFile fromKeyStore(Path file, byte[] content, char[] password)
      throws CommandException, GeneralSecurityException, IOException {
    KeyStore keyStore = KeyStore.getInstance("PKCS12");
    keyStore.load(new ByteArrayInputStream(content), password);
    List<ManifestKeyFile> found = new ArrayList<>();
    for (String alias : Collections.list(keyStore.aliases())) {
      Key key = keyStore.isKeyEntry(alias) ? keyStore.getKey(alias, password) : null;
      if (key instanceof PrivateKey privateKey
          && keyStore.getCertificate(alias) instanceof X509Certificate certificate) {
        found.add(new ManifestKeyFile(privateKey, certificate));
      }
    }
    if (found.size() != 1) {
      throw CommandException.refused(
          InputFile.name(file)
              + ": holds "
              + found.size()
              + " private keys with a certificate; it has to be one");
    }
    return found.get(0);
  }

  /** Reads the only certificate in a PEM or DER file, or the first of the chain in one. */
  static X509Certificate certificate(Path file) throws CommandException {
    byte[] content = InputFile.read(file);
    try {
      byte[] encoded = PemBlocks.isPem(content) ? PemBlocks.first(content, "CERTIFICATE") : content;
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (GeneralSecurityException e) {
      throw CommandException.refused(InputFile.name(file) + ": holds no X.509 certificate", e);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static PrivateKey privateKey(Path file, byte[] content, char[] password)
      throws CommandException, GeneralSecurityException, IOException {
    byte[] encrypted = PemBlocks.first(content, ENCRYPTED);
    if (encrypted.length > 0 && password == null) {
      throw CommandException.refused(
          InputFile.name(file) + ": is encrypted; give its passphrase as @FILE or -");
    }
    byte[] encoded =
        encrypted.length > 0
            ? decrypted(encrypted, password)
            : PemBlocks.first(content, "PRIVATE KEY");
    try {
      if (encoded.length == 0) {
        throw CommandException.refused(
            InputFile.name(file)
                + ": holds no PKCS#8 key; openssl pkcs8 -topk8 makes one of older kinds");
      }
      return decoded(new PKCS8EncodedKeySpec(encoded));
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private static byte[] decrypted(byte[] encrypted, char[] password)
      throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
    // For PBES2 the JDK names only the parameters' text, not the scheme.
    String scheme = info.getAlgParameters().toString();
    PBEKeySpec spec = new PBEKeySpec(password);
    try {
      Cipher cipher = Cipher.getInstance(scheme);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(scheme).generateSecret(spec),
          info.getAlgParameters());
      return cipher.doFinal(info.getEncryptedData());
    } finally {
      spec.clearPassword();
    }
  }

  private static PrivateKey decoded(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    } catch (GeneralSecurityException e) {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    }
  }

  @Override
  public String toString() {
    return "ManifestKeyFile[" + certificate.getSubjectX500Principal() + "]";
  }
}
