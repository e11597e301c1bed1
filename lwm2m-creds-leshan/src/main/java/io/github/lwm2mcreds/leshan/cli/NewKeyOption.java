// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.PreSharedKey;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** The key of a credential that a command creates. */
final class NewKeyOption {
  @Option(
      names = "--key",
      paramLabel = "@FILE|-",
      description =
          "Pre-shared key in hex, in a file or on standard input. Default: 16 random bytes.")
  private String key;

  boolean isGiven() {
    return key != null;
  }

  PreSharedKey key(Streams streams) throws CommandException {
    if (key == null) {
      return CredentialGenerator.builder().build().nextKey();
    }
    if (!SecretInput.isReference(key)) {
      throw CommandException.refused("--key must be @FILE or -: others can see the command line");
    }
    byte[] hex = SecretInput.word(key, streams);
    try {
      return PreSharedKey.ofHex(hex);
    } finally {
      Arrays.fill(hex, (byte) 0);
    }
  }
}
