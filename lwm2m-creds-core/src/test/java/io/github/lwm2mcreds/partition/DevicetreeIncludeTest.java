// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that include others, as dm-lwm2m's board overlays of 2019 do: that of the tutorial's board
 * is one line.
 */
class DevicetreeIncludeTest {
  private static final String NODE =
      "&flash0 { partitions { credentials_partition: partition@7f000 {"
          + " reg = <0x7f000 0x1000>; }; }; };\n";

  @TempDir Path folder;

  private Path file(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static long address(DevicetreeSearch search) throws Exception {
    return search.find().location().address();
  }

  private static void assertRefused(Reason reason, DevicetreeSearch search, String... message) {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(search::find)
        .withMessageContainingAll(message)
        .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  @Test
  void find_localInclude_isFollowed() throws Exception {
    file("boards/common-nrf52832.overlay", NODE);
    Path board = file("boards/nrf52_blenano2.overlay", "#include \"common-nrf52832.overlay\"\n");
    DevicetreeSearch.Found found = Devicetree.search().file(board).find();
    assertThat(found.location().address()).isEqualTo(0x7f000);
    assertThat(found.place()).isEqualTo("common-nrf52832.overlay:1");
    Path other = file("b.overlay", "#define F \"./boards/common-nrf52832.overlay\"\n#include F\n");
    assertThat(address(Devicetree.search().file(other))).isEqualTo(0x7f000);
    Path dtc = file("c.dts", "/dts-v1/;\n/include/ \"boards/nrf52_blenano2.overlay\"\n/ { };");
    assertThat(address(Devicetree.search().file(dtc))).isEqualTo(0x7f000);
  }

  @Test
  void find_includeFolder_isSearched() throws Exception {
    file("arm/soc.dtsi", "/ { soc { flash0: flash@8000000 { reg = <0x8000000 0x80000>; }; }; };");
    Path board = file("board.dts", "#include <soc.dtsi>\n" + NODE);
    assertThat(address(Devicetree.search().includeFolder(folder.resolve("arm")).file(board)))
        .isEqualTo(0x0807f000);
    assertRefused(
        Reason.MISSING_INCLUDE, Devicetree.search().file(board), "soc.dtsi", "board.dts:1");
  }

  @Test
  void find_missingHeader_doesNotMatter() throws Exception {
    Path board = file("board.dts", "#include <zephyr/dt-bindings/gpio/gpio.h>\n" + NODE);
    assertThat(address(Devicetree.search().file(board))).isEqualTo(0x7f000);
    Path using = file("u.dts", "#include <a.h>\n" + NODE.replace("<0x7f000", "<CREDENTIALS_AT"));
    assertRefused(Reason.BAD_REG, Devicetree.search().file(using), "CREDENTIALS_AT");
  }

  @Test
  void find_missingLocalFile_isRefused() throws Exception {
    Path board = file("board.overlay", NODE + "#include \"gone.overlay\"\n");
    assertRefused(
        Reason.MISSING_INCLUDE, Devicetree.search().file(board), "gone.overlay", "board.overlay:2");
    assertRefused(Reason.MISSING_INCLUDE, Devicetree.search().source("a", "#include \"b\""), "b");
  }

  @Test
  void find_fileThatIncludesItself_isRefused() throws Exception {
    Path a = file("a.overlay", NODE + "#include \"b.overlay\"\n");
    file("b.overlay", "#include \"a.overlay\"\n");
    assertRefused(Reason.BAD_DEVICETREE, Devicetree.search().file(a), "includes itself");
  }

  @Test
  void find_fileThatIncludesItselfOnce_isRead() throws Exception {
    Path once = file("a.overlay", "#pragma once\n#include \"a.overlay\"\n" + NODE);
    assertThat(address(Devicetree.search().file(once))).isEqualTo(0x7f000);
    Path guarded =
        file("b.overlay", "#ifndef B\n#define B\n#include \"b.overlay\"\n#endif\n" + NODE);
    assertThat(address(Devicetree.search().file(guarded))).isEqualTo(0x7f000);
  }

  @Test
  void find_tooManyIncludes_areRefused() throws Exception {
    file("leaf", "/ { };\n");
    Path all = file("all", "#include \"leaf\"\n".repeat(2000) + NODE);
    assertRefused(Reason.BAD_DEVICETREE, Devicetree.search().file(all), "one include too many");
  }

  @Test
  void find_includeInAConditional_isFollowedWhereItCounts() throws Exception {
    file("a.overlay", NODE);
    file("b.overlay", NODE.replace("7f000", "ff000"));
    String text =
        "#ifdef A\n#include \"a.overlay\"\n#endif\n#ifdef B\n#include \"b.overlay\"\n#endif";
    Path board = file("board.overlay", text);
    assertRefused(
        Reason.AMBIGUOUS_PARTITION, Devicetree.search().file(board), "a.overlay:1", "b.overlay:1");
    assertThat(address(Devicetree.search().file(board).define("A", "1"))).isEqualTo(0x7f000);
  }

  @Test
  void file_thatIsNotThere_isAnIoError() {
    assertThatIOException().isThrownBy(() -> Devicetree.search().file(folder.resolve("gone")));
  }
}
