// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static io.github.lwm2mcreds.manifest.TestManifests.KEY_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lwm2mcreds.KeyPolicy;
import java.io.ByteArrayOutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestWriterTest {
  private static final ManifestRow ROW = TestManifests.row("a", KEY_1);

  @TempDir Path folder;

  private static ManifestWriter.Builder csv() {
    return ManifestWriter.builder(ManifestFormat.CSV);
  }

  private long files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void create_finished_makesAFileForItsOwnerAlone() throws Exception {
    Path file = folder.resolve("lot.csv");
    try (ManifestWriter writer = csv().lot("L-1").create(file)) {
      writer.write(ROW);
      assertThat(file).doesNotExist();
      assertThat(writer.finish().orElseThrow().count()).isEqualTo(1);
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(TestManifests.all(ManifestReader.open(file, KeyPolicy.strict())).entries())
        .containsExactly(ROW);
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void create_notFinished_leavesNothing() throws Exception {
    try (ManifestWriter writer = csv().create(folder.resolve("lot.csv"))) {
      writer.write(ROW);
    }

    assertThat(files()).isZero();
  }

  @Test
  void create_whereAFileIs_leavesItAsItIs() throws Exception {
    Path file = Files.writeString(folder.resolve("lot.csv"), "precious");

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> csv().create(file));

    assertThat(file).hasContent("precious");
  }

  @Test
  void write_ofAColumnThatCsvDoesNotHave_isRefused() throws Exception {
    try (ManifestWriter writer = csv().columns("site").to(new ByteArrayOutputStream())) {
      writer.write(ROW.with("site", "x"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.write(ROW.with("board", "reel_board")));
    }
  }

  @Test
  void write_ofARowThatNoReaderTakes_isRefusedAndLeavesNoTrace() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ManifestWriter writer = csv().columns("n").lot("L-1").to(out)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.write(ROW.with("n", "x".repeat(65_536))));
      writer.write(ROW);
      writer.finish();
      assertThatIllegalStateException().isThrownBy(() -> writer.write(ROW));
    }

    assertThat(TestManifests.read(out.toByteArray()).entries()).containsExactly(ROW);
  }

  @Test
  void write_ofTheLongestRow_isRead() throws Exception {
    for (ManifestFormat format : ManifestFormat.values()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int length = 65_536;
      try (ManifestWriter writer = ManifestWriter.builder(format).columns("n").to(out)) {
        while (out.size() == 0 || length > 0) {
          try {
            writer.write(ROW.with("n", "x".repeat(length)));
            writer.finish();
            break;
          } catch (IllegalArgumentException e) {
            length--;
          }
        }
      }
      assertThat(length).isGreaterThan(65_400);
      assertThat(TestManifests.read(out.toByteArray()).rows()).hasSize(1);
    }
  }

  @Test
  void columns_thatAreReservedOrTwice_areRefused() {
    for (String name : new String[] {"psk", "PSK Identity", "manifestLot", "", " "}) {
      assertThatIllegalArgumentException().isThrownBy(() -> csv().columns(name));
      assertThatIllegalArgumentException().isThrownBy(() -> ROW.with(name, "x"));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> csv().columns("a", "a"));
    assertThatIllegalArgumentException().isThrownBy(() -> ROW.with("a", "\ud800"));
  }

  @Test
  void row_printed_showsNeitherKeyNorOtherColumns() {
    assertThat(ROW.with("note", "secret").toString())
        .contains("endpoint=a", "<redacted>", "note")
        .doesNotContain(KEY_1, "secret");
  }
}
