// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the operating system's answers made up, as tests may run as root. */
class MissingRightTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    file = Files.writeString(folder.resolve("fleet.db"), "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
  }

  private static MissingRight without(Path path, AccessMode mode) {
    return new MissingRight((asked, how) -> !(asked.equals(path) && how == mode));
  }

  @Test
  void nothingMissing_isEmpty() {
    assertThat(MissingRight.toRead(file)).isEmpty();
    assertThat(MissingRight.toMake(folder.resolve("new"))).isEmpty();
    assertThat(MissingRight.toRead(folder.resolve("none/none"))).isEmpty();
  }

  @Test
  void fileThatMayNotBeReadOrWritten_isNamedWithUserOwnerAndMode() {
    assertThat(without(file, AccessMode.READ).reading(file))
        .hasValue(
            "the user '"
                + MissingRight.user()
                + "' lacks the right to read '"
                + file
                + "', which belongs to '"
                + MissingRight.user()
                + "' and has mode r--r-----: chmod u+r it");
    assertThat(without(file, AccessMode.WRITE).writing(file).orElseThrow())
        .contains("lacks the right to write '" + file + "'", "chmod u+w");
    assertThat(without(file, AccessMode.WRITE).reading(file)).isEmpty();
  }

  @Test
  void folderAboveThatMayNotBeEntered_isNamed_whateverIsIn() {
    Path inside = folder.resolve("sub/fleet.db");

    assertThat(without(folder, AccessMode.EXECUTE).reading(inside).orElseThrow())
        .contains("lacks the right to enter the folder '" + folder + "'");
    assertThat(without(folder.getRoot(), AccessMode.EXECUTE).making(file).orElseThrow())
        .contains("enter the folder '/'");
  }

  @Test
  void folderThatMayNotBeWritten_keepsFilesFromBeingMade() {
    MissingRight right = without(folder, AccessMode.WRITE);

    assertThat(right.making(folder.resolve("new")).orElseThrow())
        .contains("lacks the right to write in the folder '" + folder + "'");
    assertThat(right.writing(file)).isEmpty();
  }

  @Test
  void fileOfAnother_isToBeUsedAsThatUser() throws IOException {
    Path others = Path.of("/etc/passwd");
    if (MissingRight.user().equals("root")) {
      Files.setAttribute(file, "unix:uid", 65534);
      others = file;
    }
    String owner = Files.getOwner(others).getName();

    assertThat(without(others, AccessMode.READ).reading(others).orElseThrow())
        .contains("which belongs to '" + owner + "'", ": run this as '" + owner + "', or have its");
  }
}
