// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.internal.MissingRight;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/** The file of an SQLite store: there or made, and nobody else's to read. */
record SqliteFile(Path path) implements Location {
  /** No database has fewer bytes. */
  private static final int MIN_PAGE = 512;

  private static final String MAGIC = "SQLite format 3\0";
  private static final int PAGE_SIZE_AT = 16;

  SqliteFile {
    path = path.toAbsolutePath().normalize();
  }

  /**
   * Makes an empty file for its owner alone, unless there is a file. Who made that may have been
   * killed before there was a store in it, so what it holds is to be looked at then; by SQLite, as
   * the locks of other connections would go if anybody else opened and closed it.
   */
  void create() {
    if (hasLogOnly()) {
      throw new CredentialStoreException(
          Reason.ALREADY_EXISTS, this + "-wal is there, of some other store; nothing was changed");
    }
    try {
      if (!Files.isRegularFile(path)) {
        Files.createFile(path, PrivateFiles.ownerOnly());
      }
      Path folder = path.getParent();
      if (folder != null) {
        PrivateFiles.force(folder);
      }
    } catch (FileAlreadyExistsException e) {
      throw alreadyExists(e);
    } catch (NoSuchFileException e) {
      throw new CredentialStoreException(
          Reason.NOT_FOUND, this + " cannot be made: its folder does not exist", e);
    } catch (IOException e) {
      String why = MissingRight.toMake(path).orElse(e.getClass().getSimpleName());
      throw new CredentialStoreException(Reason.READ_ONLY, this + " cannot be made: " + why, e);
    }
  }

  CredentialStoreException alreadyExists(Exception cause) {
    return new CredentialStoreException(
        Reason.ALREADY_EXISTS, this + " exists already; nothing was changed", cause);
  }

  /** Refuses what is not there, and, unless allowed, what others may read. */
  void check(boolean allowWiderMode) {
    if (!Files.exists(path)) {
      MissingRight.toRead(path)
          .ifPresent(
              right -> {
                throw new CredentialStoreException(
                    Reason.NOT_ALLOWED, this + " cannot be used: " + right);
              });
      throw new CredentialStoreException(
          Reason.NOT_FOUND, this + ": there is no such file: make a store there first");
    }
    if (!Files.isRegularFile(path)) {
      throw new CredentialStoreException(Reason.NOT_A_STORE, this + " is not a file");
    }
    if (!allowWiderMode) {
      requirePrivate(path);
    }
    if (hasLogOnly()) {
      throw new CredentialStoreException(
          Reason.CORRUPT, this + " was truncated, but not its log: restore it from a backup");
    }
    if (!hasLog() && endsWithinPage()) {
      throw new CredentialStoreException(
          Reason.CORRUPT, this + " was truncated: restore it from a backup");
    }
  }

  /**
   * Whether the last page was cut off: SQLite reads zeros for the rest of it. With a log, which may
   * have that page, it is for SQLite to recover. The page's size is in the header, as <a
   * href="https://www.sqlite.org/fileformat2.html#page_size">SQLite's file format</a> has it.
   */
  private boolean endsWithinPage() {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] header = in.readNBytes(PAGE_SIZE_AT + Short.BYTES);
      if (header.length < PAGE_SIZE_AT + Short.BYTES) {
        return false;
      }
      int pageSize = Short.toUnsignedInt(ByteBuffer.wrap(header).getShort(PAGE_SIZE_AT));
      return pageSize >= MIN_PAGE
          && new String(header, 0, PAGE_SIZE_AT, StandardCharsets.ISO_8859_1).equals(MAGIC)
          && Files.size(path) % pageSize != 0;
    } catch (IOException e) {
      return false; // to be told by SQLite, which reads it next
    }
  }

  /** Refuses a file that others than its owner may read or write. */
  static void requirePrivate(Path file) {
    String name = Printable.escape(file.toString());
    try {
      PrivateFiles.widerMode(file)
          .ifPresent(
              mode -> {
                throw new CredentialStoreException(
                    Reason.FILE_MODE,
                    name + " has mode " + mode + ", so others may use it: chmod 600 " + name);
              });
    } catch (IOException e) {
      throw new CredentialStoreException(
          Reason.UNAVAILABLE, "the mode of " + name + " cannot be read", e);
    }
  }

  /** Opens it and never makes it: a file that vanished is not to be replaced by an empty one. */
  @Override
  public Connections connections(TimeLimits limits) {
    return Connections.of(url("rw"), limits, this);
  }

  /** Opens it to be read only: SQLite cannot write it then, not even its log when it is closed. */
  Connections readOnly(TimeLimits limits) {
    return Connections.of(url("ro"), limits, this);
  }

  private String url(String mode) {
    return "jdbc:sqlite:file:" + path.toUri().getRawPath() + "?mode=" + mode;
  }

  /** Whether there is a write-ahead log: of a process at work, or of one that was killed. */
  boolean hasLog() {
    return sizeOf(log()) > 0;
  }

  /** Whether there is a log without the database that it belongs to: SQLite would delete it. */
  private boolean hasLogOnly() {
    return hasLog() && sizeOf(path) < MIN_PAGE;
  }

  private Path log() {
    return Path.of(path + "-wal");
  }

  private static long sizeOf(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return 0;
    }
  }

  /** What tells the file from others that take its name; null where it is not there. */
  Object key() {
    return key(path);
  }

  /** What tells the log from others that take its name; null where it is not there. */
  Object logKey() {
    return key(log());
  }

  private static Object key(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Returns the right that the user of this process lacks to use it: SQLite also writes a log and
   * its index beside it, and makes them anew.
   */
  Optional<String> missingRight() {
    return MissingRight.toRead(path)
        .or(() -> MissingRight.toWrite(path))
        .or(() -> MissingRight.toMake(log()))
        .or(() -> MissingRight.toWrite(log()))
        .or(() -> MissingRight.toWrite(Path.of(path + "-shm")));
  }

  /** Refuses another file: a process that has one open does not notice that it has no name. */
  void requireSame(Object key) {
    if (!Objects.equals(key, key())) {
      throw new CredentialStoreException(
          Reason.UNAVAILABLE,
          this + " was replaced or deleted while it was open: close the store and open it again");
    }
  }

  /** The path, for messages. */
  @Override
  public String toString() {
    return Printable.escape(path.toString());
  }
}
