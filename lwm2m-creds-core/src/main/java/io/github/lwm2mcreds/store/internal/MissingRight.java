// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static java.nio.file.AccessMode.EXECUTE;
import static java.nio.file.AccessMode.READ;
import static java.nio.file.AccessMode.WRITE;

import io.github.lwm2mcreds.Printable;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Finds out which right the user of this process lacks, once something could not be done with a
 * file: on the file itself, or on a folder above it. In words for an operator.
 */
public final class MissingRight {
  /** Belongs to the user of the process, whom no system property names in a container. */
  private static final Path PROCESS = Path.of("/proc/self");

  /** What the operating system allows. */
  interface Access {
    boolean allows(Path path, AccessMode mode);
  }

  private final Access access;

  MissingRight(Access access) {
    this.access = access;
  }

  private static MissingRight ofThisProcess() {
    return new MissingRight(
        (path, mode) ->
            switch (mode) {
              case READ -> Files.isReadable(path);
              case WRITE -> Files.isWritable(path);
              case EXECUTE -> Files.isExecutable(path);
            });
  }

  /** Returns what keeps this user from reading a file; empty if no right is missing. */
  public static Optional<String> toRead(Path file) {
    return ofThisProcess().reading(file);
  }

  /** Returns what keeps this user from writing a file that exists. */
  public static Optional<String> toWrite(Path file) {
    return ofThisProcess().writing(file);
  }

  /** Returns what keeps this user from making a file, or from replacing one. */
  public static Optional<String> toMake(Path file) {
    return ofThisProcess().making(file);
  }

  Optional<String> reading(Path file) {
    return entering(file).or(() -> lacks(file, READ, "read"));
  }

  Optional<String> writing(Path file) {
    return entering(file).or(() -> readOnly(file)).or(() -> lacks(file, WRITE, "write"));
  }

  Optional<String> making(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null
        ? Optional.empty()
        : entering(file)
            .or(() -> readOnly(folder))
            .or(() -> lacks(folder, WRITE, "write in the folder"));
  }

  /** A file in a folder that may not be entered seems not to be there. */
  private Optional<String> entering(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null
        ? Optional.empty()
        : entering(folder).or(() -> lacks(folder, EXECUTE, "enter the folder"));
  }

  private static Optional<String> readOnly(Path path) {
    try {
      return Files.getFileStore(path).isReadOnly()
          ? Optional.of("the file system of " + quoted(path) + " is mounted read-only")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<String> lacks(Path path, AccessMode mode, String what) {
    if (!Files.exists(path) || access.allows(path, mode)) {
      return Optional.empty();
    }
    String user = user();
    return Optional.of(
        "the user '"
            + Printable.escape(user)
            + "' lacks the right to "
            + what
            + " "
            + quoted(path)
            + ownership(path, user, mode));
  }

  private static String ownership(Path path, String user, AccessMode mode) {
    try {
      PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class);
      String owner = found.owner().getName();
      String letter = mode == READ ? "r" : mode == WRITE ? "w" : "x";
      return ", which belongs to '"
          + Printable.escape(owner)
          + "' and has mode "
          + PosixFilePermissions.toString(found.permissions())
          + (owner.equals(user)
              ? ": chmod u+" + letter + " it"
              : ": run this as '"
                  + Printable.escape(owner)
                  + "', or have its owner or mode changed");
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static String quoted(Path path) {
    return "'" + Printable.escape(path.toString()) + "'";
  }

  /** Returns the name of the user as whom this process runs, or the number of one without. */
  public static String user() {
    try {
      return Files.getOwner(PROCESS).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name", "?");
    }
  }
}
