package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file of an SQLite store: there or made, and nobody else's to read. */
final class SqliteFile {
  private final Path path;

  SqliteFile(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  Path path() {
    return path;
  }

  /** Makes an empty file for its owner alone. */
  void create() {
    try {
      Files.createFile(path, PrivateMode.attributes());
    } catch (FileAlreadyExistsException e) {
      throw new CredentialStoreException(
          Reason.ALREADY_EXISTS, path + " exists already; nothing was changed", e);
    } catch (NoSuchFileException e) {
      throw new CredentialStoreException(
          Reason.NOT_FOUND, path + " cannot be made: its folder does not exist", e);
    } catch (IOException e) {
      throw new CredentialStoreException(
          Reason.READ_ONLY, path + " cannot be made: " + e.getClass().getSimpleName(), e);
    }
  }

  /** Refuses what is not there, and, unless allowed, what others may read. */
  void check(boolean allowWiderMode) {
    if (!Files.exists(path)) {
      throw new CredentialStoreException(Reason.NOT_FOUND, path + ": there is no such file");
    }
    if (!Files.isRegularFile(path)) {
      throw new CredentialStoreException(Reason.NOT_A_STORE, path + " is not a file");
    }
    if (!allowWiderMode) {
      PrivateMode.require(path);
    }
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** Opens it and never makes it: a file that vanished is not to be replaced by an empty one. */
  Connections connections() {
    return Connections.of("jdbc:sqlite:file:" + path.toUri().getRawPath() + "?mode=rw");
  }
}
