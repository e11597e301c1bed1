// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.manifest.ManifestException;
import io.github.lwm2mcreds.manifest.ManifestSigner;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** Who signs. */
final class ManifestSignOptions {
  static final String HEADING = "%nSigner:%n";

  @Option(
      names = "--sign-with",
      paramLabel = "FILE",
      description = "Private key to sign with: PKCS#12, or PEM with a PKCS#8 key, RSA or EC.")
  private Path key;

  @Option(
      names = "--sign-cert",
      paramLabel = "FILE",
      description = "Its certificate, if that is not in the same file.")
  private Path certificate;

  @Option(
      names = "--sign-passphrase",
      paramLabel = "@FILE|-",
      description = "What the private key is encrypted with: the first line of a file or of input.")
  private String passphrase;

  ManifestSigner signer(Streams streams) throws CommandException {
    if (key == null) {
      throw CommandException.refused("missing: --sign-with FILE (try --help)");
    }
    char[] password =
        passphrase == null
            ? null
            : SecretInput.passphrase("--sign-passphrase", passphrase, false, streams);
    try {
      ManifestKeyFile read =
          ManifestKeyFile.read("--sign-with", key, certificate, password, streams);
      return ManifestSigner.of(read.key(), read.certificate());
    } catch (ManifestException e) {
      throw ManifestFailure.of(key, e);
    } finally {
      if (password != null) {
        Arrays.fill(password, '\0');
      }
    }
  }
}
