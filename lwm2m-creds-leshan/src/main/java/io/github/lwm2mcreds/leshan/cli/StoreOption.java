package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import io.github.lwm2mcreds.store.JdbcStoreBuilder;
import io.github.lwm2mcreds.store.KeyWrapper;
import io.github.lwm2mcreds.store.KeyWrappers;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which store a command works on, and what opens it. */
final class StoreOption {
  private static final String LABEL = "STORE";

  @Option(
      names = "--store",
      paramLabel = LABEL,
      description =
          "sqlite:FILE, or postgresql://[USER@]HOST[:PORT]/DATABASE[?PARAMETERS], with the password"
              + " in PGPASSWORD or ~/.pgpass. PARAMETERS are those of PostgreSQL's JDBC driver;"
              + " sslmode=verify-full unless they say otherwise, or the host is this machine.")
  private String store;

  @Option(
      names = "--store-key",
      paramLabel = "FILE",
      description = "The store's key file. Default for SQLite: the store's name with .key behind.")
  private Path keyFile;

  @Option(
      names = "--store-passphrase",
      paramLabel = "@FILE|-",
      description =
          "The passphrase that the store is opened with instead: the first line of a file or of"
              + " standard input.")
  private String passphrase;

  @Option(
      names = "--store-keystore",
      paramLabel = "FILE.p12",
      description =
          "A PKCS#12 file with an AES key that the store is opened with instead;"
              + " --store-passphrase is its password.")
  private Path keyStore;

  @Option(
      names = "--store-key-alias",
      paramLabel = "NAME",
      defaultValue = WrappingKey.DEFAULT_ALIAS,
      description = "The key's name in the PKCS#12 file. Default: ${DEFAULT-VALUE}.")
  private String alias;

  @Option(
      names = "--allow-wider-file-mode",
      description = "Take an SQLite file that others than its owner may read or write. Unsafe.")
  private boolean allowWiderFileMode;

  boolean isGiven() {
    return store != null;
  }

  StoreAddress address() throws CommandException {
    if (store == null) {
      throw CommandException.refused("missing: --store " + LABEL + " (try --help)");
    }
    return StoreAddress.parse(store, System.getenv("PGPASSWORD"));
  }

  /** Gives what wraps the store's key. */
  KeyWrapper wrapper(boolean isNew, Streams streams) throws CommandException {
    StoreAddress address = address();
    return new WrappingKey("--store", keyFile, keyStore, alias, passphrase)
        .wrapper(isNew, streams)
        .or(() -> address.file().map(file -> KeyWrappers.keyFile(Path.of(file + ".key"))))
        .orElseThrow(
            () ->
                CommandException.refused(
                    "a store in PostgreSQL is opened with --store-key FILE, or --store-passphrase"
                        + " @FILE|-"));
  }

  JdbcStoreBuilder builder(KeyWrapper wrapper, Streams streams) throws CommandException {
    StoreAddress address = address();
    if (address.file().isPresent()) {
      SqliteLibrary.load();
    }
    JdbcStoreBuilder builder = address.builder().keyWrapper(wrapper);
    if (allowWiderFileMode && address.file().isPresent()) {
      streams.warn(
          address
              + ": others than its owner may be able to read the endpoints, the identities and the"
              + " audit trail, and to damage the store");
      builder.allowWiderFileMode();
    }
    return builder;
  }

  JdbcCredentialStore open(Streams streams) throws CommandException {
    return open(KeyPolicy.strict(), streams);
  }

  JdbcCredentialStore open(KeyPolicy policy, Streams streams) throws CommandException {
    return builder(wrapper(false, streams), streams).keyPolicy(policy).open();
  }
}
