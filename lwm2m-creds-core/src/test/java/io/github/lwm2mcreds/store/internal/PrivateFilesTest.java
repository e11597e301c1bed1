// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
  private static final byte[] OLD = {1, 2, 3};
  private static final byte[] NEW = {4, 5, 6, 7};

  @TempDir Path folder;

  @Test
  void create_makesAFileForItsOwnerAlone_andNothingElse() throws Exception {
    Path file = folder.resolve("key");

    PrivateFiles.create(file, NEW);

    assertThat(file).hasBinaryContent(NEW);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertContainsOnly(folder, file);
  }

  @Test
  void create_whereAFileIs_leavesItAsItIs() throws Exception {
    Path file = Files.write(folder.resolve("key"), OLD);

    assertThatThrownBy(() -> PrivateFiles.create(file, NEW))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertThat(file).hasBinaryContent(OLD);
    assertContainsOnly(folder, file);
  }

  @Test
  void create_whereALinkLeadsNowhere_makesNothing() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("key"), folder.resolve("nowhere"));

    assertThatThrownBy(() -> PrivateFiles.create(link, NEW))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertContainsOnly(folder, link);
  }

  @Test
  void create_withoutItsFolder_fails() {
    assertThatThrownBy(() -> PrivateFiles.create(folder.resolve("none/key"), NEW))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void replace_takesTheFilesPlaceAndItsMode() throws Exception {
    Path file = Files.write(folder.resolve("key"), OLD);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    PrivateFiles.replace(file, NEW);

    assertThat(file).hasBinaryContent(NEW);
    assertThat(PrivateFiles.widerMode(file)).isEmpty();
    assertContainsOnly(folder, file);
  }

  /** As on a memory stick with FAT; a ZIP file has no links either. */
  @Test
  void fileSystemWithoutLinks_createsAndReplacesAllTheSame() throws Exception {
    try (FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("disk.zip"), Map.of("create", "true"))) {
      Path file = zip.getPath("/key");

      PrivateFiles.create(file, OLD);
      assertThat(Files.readAllBytes(file)).isEqualTo(OLD);
      assertThatThrownBy(() -> PrivateFiles.create(file, NEW))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(Files.readAllBytes(file)).isEqualTo(OLD);

      PrivateFiles.replace(file, NEW);
      assertThat(Files.readAllBytes(file)).isEqualTo(NEW);
      assertContainsOnly(zip.getPath("/"), file);
    }
  }

  private static void assertContainsOnly(Path folder, Path file) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
