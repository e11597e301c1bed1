// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.internal.MissingRight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Collections;
import java.util.Set;

/** Files that decide what a command does, and that nobody else may be able to change. */
final class Guarded {
  private static final int STICKY = 01000;

  private Guarded() {}

  /**
   * Refuses a file that others may write, that belongs to another user than root, or that others
   * can replace, by a folder or link that leads to it. Where the file system has no modes, its
   * folders' rights hold.
   *
   * @return where the file is, with no link left that could lead elsewhere meanwhile
   */
  static Path requireUnchangedByOthers(Path file) throws CommandException {
    if (Files.getFileAttributeView(file, PosixFileAttributeView.class) == null) {
      return file;
    }
    try {
      Path real = file.toRealPath();
      requireWay(file, file.toAbsolutePath());
      requireWay(file, real);
      return real;
    } catch (IOException e) {
      throw Rights.reading(file, e);
    }
  }

  /** Checks every folder and link of a path, in the order in which the system goes through them. */
  private static void requireWay(Path file, Path path) throws IOException, CommandException {
    Path at = path.getRoot();
    for (Path name : path) {
      requireFolder(file, at);
      at = at.resolve(name);
      PosixFileAttributes found = attributes(at, LinkOption.NOFOLLOW_LINKS);
      requireOwner(file, at, found);
      if (found.isSymbolicLink()) {
        requireWay(file, at.resolveSibling(Files.readSymbolicLink(at)));
      } else if (!found.isDirectory() && isOpen(found)) {
        throw refused(file, "others may change it", "chmod go-w it");
      }
    }
  }

  private static void requireFolder(Path file, Path folder) throws IOException, CommandException {
    if (isOpen(attributes(folder))
        && ((int) Files.getAttribute(folder, "unix:mode") & STICKY) == 0) {
      throw refused(
          file,
          "others may replace it, as they may write the folder " + InputFile.name(folder),
          "chmod go-w the folder");
    }
  }

  private static void requireOwner(Path file, Path at, PosixFileAttributes found)
      throws CommandException {
    String owner = found.owner().getName();
    if (!owner.equals("root") && !owner.equals(MissingRight.user())) {
      String what = at.equals(file.toAbsolutePath()) ? "" : InputFile.name(at) + " ";
      throw refused(
          file,
          what + "belongs to the user '" + Printable.escape(owner) + "', who may change it",
          "use a file of your own");
    }
  }

  private static PosixFileAttributes attributes(Path path, LinkOption... options)
      throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, options);
  }

  private static boolean isOpen(PosixFileAttributes found) {
    return !Collections.disjoint(found.permissions(), Set.of(GROUP_WRITE, OTHERS_WRITE));
  }

  private static CommandException refused(Path file, String why, String advice) {
    return CommandException.refused(
        InputFile.name(file)
            + ": "
            + why
            + ", and it decides which store is opened; check its content and "
            + advice);
  }
}
