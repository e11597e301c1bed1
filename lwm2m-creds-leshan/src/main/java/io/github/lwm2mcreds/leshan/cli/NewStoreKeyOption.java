package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.KeyWrapper;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is to open a store from now on, instead of what does. */
final class NewStoreKeyOption {
  @Option(
      names = "--new-store-key",
      paramLabel = "FILE",
      description = "The key file that the store is moved to; made if it is not there.")
  private Path keyFile;

  @Option(
      names = "--new-store-passphrase",
      paramLabel = "@FILE|-",
      description = "The passphrase that the store is moved to.")
  private String passphrase;

  @Option(
      names = "--new-store-keystore",
      paramLabel = "FILE.p12",
      description =
          "The PKCS#12 file that the store is moved to; --new-store-passphrase is its password.")
  private Path keyStore;

  @Option(
      names = "--new-store-key-alias",
      paramLabel = "NAME",
      defaultValue = WrappingKey.DEFAULT_ALIAS,
      description = "The key's name in the PKCS#12 file. Default: ${DEFAULT-VALUE}.")
  private String alias;

  Optional<KeyWrapper> wrapper(Streams streams) throws CommandException {
    return new WrappingKey("--new-store", keyFile, keyStore, alias, passphrase)
        .wrapper(true, streams);
  }
}
