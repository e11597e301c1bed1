// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.seal.KeyWrapper;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The wrapping key that a store is moved to. */
final class NewWrappingKeyOptions {
  static final String HEADING = "%nNew wrapping key:%n";

  @Option(
      names = {"--new-wrapping-key", "--new-store-key"},
      paramLabel = "FILE",
      description = "Key file to move the store to; created if it does not exist.")
  private Path keyFile;

  @Option(
      names = "--new-store-passphrase",
      paramLabel = "@FILE|-",
      description = "Passphrase to move the store to.")
  private String passphrase;

  @Option(
      names = "--new-store-keystore",
      paramLabel = "FILE.p12",
      description = "PKCS#12 file to move the store to; --new-store-passphrase is its password.")
  private Path keyStore;

  @Option(
      names = {"--new-wrapping-key-alias", "--new-store-key-alias"},
      paramLabel = "NAME",
      defaultValue = WrappingKey.DEFAULT_ALIAS,
      description = "Name of the key in the PKCS#12 file. Default: ${DEFAULT-VALUE}.")
  private String alias;

  Optional<KeyWrapper> wrapper(Streams streams) throws CommandException {
    return key().wrapper(true, streams);
  }

  /** Returns what has to be kept for the keys not to be lost. */
  String advice() {
    return key().advice();
  }

  private WrappingKey key() {
    return new WrappingKey("new-", keyFile, keyStore, alias, passphrase);
  }
}
