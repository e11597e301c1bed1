// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;

/**
 * A wrapping key as options name it; an option that is not given is null.
 *
 * @param prefix the start of the options' names, after the dashes
 * @param keyFile the key file
 * @param keyStore a PKCS#12 file
 * @param alias the name of the key in the PKCS#12 file
 * @param passphrase a reference to the passphrase, or to the PKCS#12 file's password
 */
record WrappingKey(String prefix, Path keyFile, Path keyStore, String alias, String passphrase) {
  static final String DEFAULT_ALIAS = "lwm2m-creds";

  /**
   * Reads the key.
   *
   * @param isNew whether nothing has been wrapped with it yet
   */
  Optional<KeyWrapper> wrapper(boolean isNew, Streams streams) throws CommandException {
    if (keyFile != null && (keyStore != null || passphrase != null)) {
      throw CommandException.refused(
          option("wrapping-key")
              + " excludes "
              + option("store-passphrase")
              + " and "
              + option("store-keystore"));
    }
    if (keyFile != null) {
      return Optional.of(KeyWrappers.keyFile(keyFile));
    }
    if (passphrase == null) {
      if (keyStore != null) {
        throw CommandException.refused(
            option("store-keystore")
                + " needs its password: "
                + option("store-passphrase")
                + " @FILE|-");
      }
      return Optional.empty();
    }
    boolean isMade = isNew && keyStore == null;
    char[] secret = SecretInput.passphrase(option("store-passphrase"), passphrase, isMade, streams);
    try {
      return Optional.of(keyStore == null ? KeyWrappers.passphrase(secret) : fromKeyStore(secret));
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(e.getMessage(), e);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  /** Returns what has to be kept, apart from the store, for its keys not to be lost. */
  String advice() {
    if (keyStore != null) {
      return "keep a copy of "
          + InputFile.name(keyStore)
          + " and its password elsewhere: without both, all keys are lost";
    }
    return passphrase != null
        ? "keep the passphrase in a safe place too: without it, all keys are lost"
        : "keep a copy of the wrapping key elsewhere: without it, all keys are lost";
  }

  private String option(String name) {
    return "--" + prefix + name;
  }

  private KeyWrapper fromKeyStore(char[] password) throws CommandException {
    byte[] content = InputFile.read(keyStore);
    try {
      KeyStore loaded = KeyStore.getInstance("PKCS12");
      loaded.load(new ByteArrayInputStream(content), password);
      return KeyWrappers.keyStore(loaded, alias, password);
    } catch (IOException | GeneralSecurityException e) {
      throw CommandException.refused(
          InputFile.name(keyStore) + ": is not a PKCS#12 file, or has another password", e);
    }
  }
}
