// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** A client certificate, which proves to a server who calls. */
final class ClientKeyOptions {
  @Option(
      names = "--client-key",
      paramLabel = "FILE",
      description =
          "Private key of this client: PKCS#12, or PEM with a PKCS#8 key, RSA or EC; with its"
              + " certificate.")
  private Path key;

  @Option(
      names = "--client-cert",
      paramLabel = "FILE",
      description = "The client's certificate in PEM, if it is not in the same file.")
  private Path certificate;

  @Option(
      names = "--client-passphrase",
      paramLabel = "@FILE|-",
      description =
          "What the client's key is encrypted with: the first line of a file or of input.")
  private String passphrase;

  boolean isGiven() {
    return key != null;
  }

  void addTo(LeshanSecurityApi.Builder builder, Streams streams) throws CommandException {
    if (key == null) {
      if (certificate != null || passphrase != null) {
        throw CommandException.refused("--client-cert and --client-passphrase need --client-key");
      }
      return;
    }
    char[] password =
        passphrase == null
            ? null
            : SecretInput.passphrase("--client-passphrase", passphrase, false, streams);
    try {
      TlsKeyFile read = TlsKeyFile.read("--client-key", key, certificate, password, streams);
      builder.clientKey(read.key(), read.chain());
    } finally {
      if (password != null) {
        Arrays.fill(password, '\0');
      }
    }
  }
}
