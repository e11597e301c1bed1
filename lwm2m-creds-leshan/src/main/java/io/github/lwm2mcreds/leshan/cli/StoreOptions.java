// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcStoreBuilder;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The store a command works on, and the wrapping key that opens it. */
final class StoreOptions {
  static final String HEADING =
      "%nStore (--store is required, unless CREDS_STORE or a configuration file sets it):%n";

  static final String STORE_VARIABLE = "CREDS_STORE";
  static final String KEY_VARIABLE = "CREDS_STORE_KEY";

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description =
          "sqlite:FILE, or postgresql://[USER@]HOST[:PORT]/DATABASE[?PARAMETERS] with the password"
              + " in PGPASSWORD or ~/.pgpass. PARAMETERS are those of PostgreSQL's JDBC driver;"
              + " sslmode is verify-full unless they set it or the host is this machine. Default:"
              + " the environment variable CREDS_STORE.")
  private String store;

  @Option(
      names = {"--wrapping-key", "--store-key"},
      paramLabel = "FILE",
      description =
          "Key file that opens the store. Default: the environment variable CREDS_STORE_KEY, or"
              + " for SQLite the store's name with .key added.")
  private Path keyFile;

  @Option(
      names = "--store-passphrase",
      paramLabel = "@FILE|-",
      description =
          "Passphrase that opens the store instead: the first line of a file or of standard"
              + " input.")
  private String passphrase;

  @Option(
      names = "--store-keystore",
      paramLabel = "FILE.p12",
      description =
          "PKCS#12 file with an AES key that opens the store instead; --store-passphrase is its"
              + " password.")
  private Path keyStore;

  @Option(
      names = {"--wrapping-key-alias", "--store-key-alias"},
      paramLabel = "NAME",
      defaultValue = WrappingKey.DEFAULT_ALIAS,
      description = "Name of the key in the PKCS#12 file. Default: ${DEFAULT-VALUE}.")
  private String alias;

  @Option(
      names = "--allow-wider-file-mode",
      description = "Accept an SQLite file that other users may read or write. Unsafe.")
  private boolean allowWiderFileMode;

  /** Returns whether a store is named by the option. */
  boolean isGiven() {
    return store != null;
  }

  /** Returns whether a store is named, here or in the environment. */
  boolean hasStore() {
    return isGiven() || variable(STORE_VARIABLE).isPresent();
  }

  StoreAddress address() throws CommandException {
    String password = System.getenv("PGPASSWORD");
    if (store != null) {
      return StoreAddress.parse(store, password);
    }
    String named =
        variable(STORE_VARIABLE)
            .orElseThrow(() -> CommandException.refused("missing: --store STORE (try --help)"));
    try {
      return StoreAddress.parse(named, password);
    } catch (CommandException e) {
      throw CommandException.refused(STORE_VARIABLE + ", used for " + e.getMessage(), e);
    }
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }

  /** Returns what has to be kept for the keys not to be lost. */
  String advice() throws CommandException {
    return key().advice();
  }

  /** Returns the key that the options name, or else the environment. */
  private WrappingKey key() throws CommandException {
    Optional<String> variable = variable(KEY_VARIABLE);
    boolean isGiven = keyFile != null || keyStore != null || passphrase != null;
    Path file = isGiven || variable.isEmpty() ? keyFile : InputFile.path(variable.get());
    return new WrappingKey("", file, keyStore, alias, passphrase);
  }

  /**
   * Returns the wrapping key.
   *
   * @param isNew whether nothing has been wrapped with it yet
   */
  KeyWrapper wrapper(boolean isNew, Streams streams) throws CommandException {
    StoreAddress address = address();
    return key()
        .wrapper(isNew, streams)
        .or(() -> address.file().map(file -> KeyWrappers.keyFile(Path.of(file + ".key"))))
        .orElseThrow(
            () ->
                CommandException.refused(
                    "a store in PostgreSQL needs --wrapping-key FILE or --store-passphrase"
                        + " @FILE|-"));
  }

  /** Returns the files that the store and its wrapping key are in; some may not exist. */
  List<Path> files() throws CommandException {
    List<Path> files = new ArrayList<>();
    address()
        .file()
        .ifPresent(
            file -> {
              for (String suffix : List.of("", "-wal", "-shm", ".key")) {
                files.add(Path.of(file + suffix));
              }
            });
    Optional.ofNullable(key().keyFile()).ifPresent(files::add);
    Optional.ofNullable(keyStore).ifPresent(files::add);
    return files;
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
              + ": other users may be able to read the endpoints, identities and audit trail, and"
              + " to damage the store");
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
