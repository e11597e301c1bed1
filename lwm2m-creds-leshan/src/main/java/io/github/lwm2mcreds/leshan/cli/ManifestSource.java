// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.manifest.ManifestException;
import io.github.lwm2mcreds.manifest.ManifestOpener;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.TrustedSigners;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** What a sealed manifest is checked and opened with. */
final class ManifestSource {
  static final String HEADING = "%nOf a sealed manifest:%n";

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "Certificate whose signature is accepted; may be given several times.")
  private List<Path> trusted = List.of();

  @Option(
      names = "--open-with",
      paramLabel = "FILE",
      description = "Receiver's private key: PKCS#12, or PEM with a PKCS#8 key.")
  private Path key;

  @Option(
      names = "--open-cert",
      paramLabel = "FILE",
      description = "Its certificate, if that is not in the same file.")
  private Path certificate;

  @Option(
      names = "--open-passphrase",
      paramLabel = "@FILE|-",
      description = "What the private key is encrypted with: the first line of a file or of input.")
  private String passphrase;

  private ManifestOpener opener; // null until it is needed

  boolean hasKey() {
    return key != null;
  }

  TrustedSigners signers() throws CommandException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Path file : trusted) {
      certificates.add(ManifestKeyFile.certificate(file));
    }
    if (certificates.isEmpty()) {
      throw CommandException.refused(
          "the file is signed: --trust FILE says whose signature is accepted");
    }
    return TrustedSigners.of(certificates.toArray(X509Certificate[]::new));
  }

  /** Opens a sealed manifest. */
  InputStream open(Path file, Streams streams) throws CommandException, IOException {
    if (opener == null) {
      opener = opener(streams);
    }
    return opener.open(file);
  }

  /** Opens a manifest, sealed or in clear. */
  ManifestReader reader(Path file, KeyPolicy policy, Streams streams)
      throws CommandException, IOException {
    return ManifestOpener.isSealed(file)
        ? ManifestReader.of(open(file, streams), policy)
        : ManifestReader.open(file, policy);
  }

  private ManifestOpener opener(Streams streams) throws CommandException {
    if (key == null) {
      throw CommandException.refused(
          "the manifest is sealed: --open-with FILE names the private key that opens it");
    }
    char[] password =
        passphrase == null
            ? null
            : SecretInput.passphrase("--open-passphrase", passphrase, false, streams);
    try {
      ManifestKeyFile read =
          ManifestKeyFile.read("--open-with", key, certificate, password, streams);
      return ManifestOpener.of(signers(), read.key(), read.certificate());
    } catch (ManifestException e) {
      throw ManifestFailure.of(key, e);
    } finally {
      if (password != null) {
        Arrays.fill(password, '\0');
      }
    }
  }
}
