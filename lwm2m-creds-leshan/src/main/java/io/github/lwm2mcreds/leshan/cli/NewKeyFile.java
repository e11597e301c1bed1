package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.CredentialStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file with a key that was just made. It is written before the store is told, so that no key is
 * in the store alone; and goes again if the store did not take it.
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
      PrivateFile.writeNew(file, content);
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
                + " is kept, as the store may have its key",
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
          InputFile.name(file) + " holds a key that the store did not take: delete it", e);
    }
  }
}
