// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.internal.MissingRight;
import java.io.IOException;
import java.nio.file.Files;
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
   * can replace. Where the file system has no modes, its folders' rights hold.
   */
  static void requireUnchangedByOthers(Path file) throws CommandException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    try {
      PosixFileAttributes found = view.readAttributes();
      String owner = found.owner().getName();
      if (!owner.equals("root") && !owner.equals(MissingRight.user())) {
        throw refused(
            file,
            "belongs to the user '" + Printable.escape(owner) + "', who may change it",
            "use a file of your own");
      }
      if (isOpen(found)) {
        throw refused(file, "others may change it", "chmod go-w it");
      }
      requireFolder(file.toRealPath());
    } catch (IOException e) {
      throw Rights.reading(file, e);
    }
  }

  private static void requireFolder(Path file) throws IOException, CommandException {
    Path folder = file.getParent();
    if (folder != null
        && isOpen(Files.readAttributes(folder, PosixFileAttributes.class))
        && ((int) Files.getAttribute(folder, "unix:mode") & STICKY) == 0) {
      throw refused(
          file, "others may replace it, as they may write its folder", "chmod go-w the folder");
    }
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
