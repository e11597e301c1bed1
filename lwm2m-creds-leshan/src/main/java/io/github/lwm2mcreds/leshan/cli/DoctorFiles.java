// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.FleetFinding.Severity;
import io.github.lwm2mcreds.leshan.cli.DoctorClaim.Provision;
import io.github.lwm2mcreds.leshan.cli.DoctorClaim.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Looks at who may read or replace files that hold keys: their modes and owners, and those of the
 * folders above them. Where the file system has no POSIX modes, it says so.
 */
final class DoctorFiles {
  private static final int OTHERS = 0077;
  private static final int OTHERS_WRITE = 0022;
  private static final int STICKY = 01000;
  private static final int MODE = 07777;

  private final DoctorReport report;
  private final ObjectNode seen = JsonLine.object();

  private DoctorFiles(DoctorReport report) {
    this.report = report;
  }

  static void examine(List<Path> files, DoctorReport report) {
    DoctorFiles doctor = new DoctorFiles(report);
    files.stream().map(Path::toAbsolutePath).map(Path::normalize).forEach(doctor::file);
    report.add(
        DoctorClaim.of(
            "files",
            Scope.MACHINE,
            "mode and owner of the files that hold keys or what they seal, and of their folders",
            "stat(2) of each path as named and of each folder above what it leads to",
            doctor.seen,
            Provision.EN_5_5_8,
            Provision.CRA_2_D,
            Provision.CRA_2_E));
  }

  private void file(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      if (Files.isSymbolicLink(file)) {
        report.add(
            "SYMBOLIC_LINK",
            Severity.NOTICE,
            InputFile.name(file) + " is a symbolic link",
            "make sure that nobody else can change where it leads to");
        folders(file);
      }
      Path real = file.toRealPath();
      Map<String, Object> unix = Files.readAttributes(real, "unix:mode,uid,nlink");
      note(real, unix);
      exposed(real, unix);
      folders(real);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      seen.put(file.toString(), "no POSIX modes");
    } catch (IOException e) {
      seen.put(file.toString(), "cannot be looked at: " + Rights.reason(e));
    }
  }

  private void exposed(Path file, Map<String, Object> unix) {
    if ((mode(unix) & OTHERS) != 0) {
      report.add(
          "FILE_MODE",
          Severity.SERIOUS,
          InputFile.name(file) + " is open to others (mode " + octal(unix) + ")",
          "chmod 600, and replace what others may have read");
    }
    if (((Number) unix.get("nlink")).intValue() > 1) {
      report.add(
          "HARD_LINKS",
          Severity.WARNING,
          InputFile.name(file) + " has another name, too (a hard link)",
          "find it with find -samefile, and remove it");
    }
  }

  private void folders(Path file) throws IOException {
    Path parent = file.getParent();
    for (Path folder = parent; folder != null; folder = folder.getParent()) {
      if (!seen.has(folder.toString())) {
        Map<String, Object> unix = Files.readAttributes(folder, "unix:mode,uid");
        note(folder, unix);
        folder(folder, unix, folder.equals(parent));
      }
    }
  }

  /**
   * Reports who else may replace what is in a folder. In one with the sticky bit, such as /tmp,
   * only an owner may, but anybody may take a name that is free.
   */
  private void folder(Path folder, Map<String, Object> unix, boolean isOwn) throws IOException {
    boolean isOpen = (mode(unix) & OTHERS_WRITE) != 0;
    boolean isSticky = (mode(unix) & STICKY) != 0;
    String owner = Files.getOwner(folder).getName();
    if (isOpen && !isSticky) {
      report.add(
          "FOLDER_MODE",
          Severity.SERIOUS,
          "others may replace files in " + InputFile.name(folder) + " (mode " + octal(unix) + ")",
          "chmod go-w");
    } else if (isOpen && isOwn) {
      report.add(
          "SHARED_FOLDER",
          Severity.WARNING,
          InputFile.name(folder) + " is shared with others (mode " + octal(unix) + ")",
          "move what holds keys to a folder of its owner");
    } else if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
      report.add(
          "FOLDER_OWNER",
          Severity.WARNING,
          InputFile.name(folder)
              + " belongs to '"
              + Printable.escape(owner)
              + "', who may replace what is in it",
          "make root or the store's own user its owner");
    }
  }

  private void note(Path path, Map<String, Object> unix) {
    seen.putObject(path.toString())
        .put("mode", octal(unix))
        .put("uid", ((Number) unix.get("uid")).intValue());
  }

  private static int mode(Map<String, Object> unix) {
    return (Integer) unix.get("mode") & MODE;
  }

  private static String octal(Map<String, Object> unix) {
    return String.format(Locale.ROOT, "%04o", mode(unix));
  }
}
