// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.CredentialStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file with a new key. It is written before the store changes, so that no key is in the store
 * alone, and is deleted if the store refuses the change.
 */
final class NewKeyFile {
  private NewKeyFile() {}

  /**
   * Writes a file and makes a change, or neither.
   *
   * @param content wiped
   */
  static void write(Path file, byte[] content, Runnable change) throws CommandException {
    try {
      PrivateFile.writeNew(file, content, Optional.empty());
    } finally {
      Arrays.fill(content, (byte) 0);
    }
    try {
      change.run();
    } catch (CredentialStoreException e) {
      if (e.reason() == CredentialStoreException.Reason.UNAVAILABLE) {
        throw CommandException.failed(
            e.getMessage()
                + "; "
                + InputFile.name(file)
                + " is kept because the store may have its key",
            e);
      }
      delete(file);
      throw e;
    } catch (RuntimeException e) {
      delete(file);
      throw e;
    }
  }

  private static void delete(Path file) throws CommandException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw CommandException.failed(
          InputFile.name(file) + " holds a key that is not in the store: delete it", e);
    }
  }
}
