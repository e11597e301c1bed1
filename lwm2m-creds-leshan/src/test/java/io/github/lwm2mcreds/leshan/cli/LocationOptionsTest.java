// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationOptionsTest {
  @TempDir Path folder;

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static Cli hex(String... options) {
    return Cli.run(
        Stream.concat(
                Stream.of("gen-cred-partition", "-did", "ep", "--generate-token", "--image=hex"),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private static void assertAddress(Cli run, long address) {
    assertThat(run.code()).as(run::err).isZero();
    String text = new String(run.rawOut(), US_ASCII);
    assertThat(text.substring(9, 13)).isEqualTo(String.format("%04X", address >> 16));
    assertThat(text.lines().toList().get(1).substring(3, 7))
        .isEqualTo(String.format("%04X", address & 0xffff));
  }

  private String conditional() throws Exception {
    return file(
        "common.overlay",
        """
        #ifdef CONFIG_SOC_NRF52832
        &flash0 { partitions { credentials_partition: p@7f000 { reg = <0x7f000 0x1000>; }; }; };
        #endif
        #ifdef CONFIG_SOC_NRF52840
        &flash0 { partitions { credentials_partition: p@ff000 { reg = <0xff000 0x1000>; }; }; };
        #endif
        """);
  }

  @Test
  void dts_conditional_isDecidedByDefinitions() throws Exception {
    String overlay = conditional();
    assertAddress(hex("--dts", overlay, "-D", "CONFIG_SOC_NRF52832"), 0x7f000);
    assertAddress(hex("--dts", overlay, "-DCONFIG_SOC_NRF52840=1"), 0xff000);
    String autoconf = file("autoconf.h", "#define CONFIG_SOC_NRF52840 1\n");
    assertAddress(hex("--dts", overlay, "--autoconf", autoconf), 0xff000);
    Cli refused = hex("--dts", overlay);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.rawOut()).isEmpty();
    assertThat(refused.err())
        .contains("0x7f000 (common.overlay:2)", "0xff000 (common.overlay:5)", "-D NAME");
  }

  @Test
  void dts_several_areReadInOrder() throws Exception {
    String board =
        file("b.dts", "/ { soc { flash0: flash@8000000 { reg = <0x8000000 0x80000>; }; }; };");
    String overlay =
        file(
            "o.overlay",
            "&flash0 { partitions { credentials_partition: p@0 { reg = <0x14000 0x4000>; }; }; };");
    assertAddress(hex("--dts", board, "--dts", overlay), 0x08014000);
    Cli alone = hex("--dts", overlay);
    assertAddress(alone, 0x14000);
    assertThat(alone.err()).contains("warning: ", "STM32");
    assertThat(hex("--dts", overlay, "--dts", board).err()).contains("before");
  }

  @Test
  void dts_includeFolder_isSearched() throws Exception {
    String overlay = conditional();
    Path other = Files.createDirectory(folder.resolve("other"));
    String board =
        Files.writeString(other.resolve("b.overlay"), "#include \"common.overlay\"\n").toString();
    assertThat(hex("--dts", board, "-D", "CONFIG_SOC_NRF52832").err()).contains("--include");
    assertAddress(
        hex("--dts", board, "-D", "CONFIG_SOC_NRF52832", "--include", folder.toString()), 0x7f000);
    assertThat(overlay).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-D A", "-U A", "--autoconf a.h", "--include .", "--firmware-date 2019"})
  void optionsOfOtherOptions_alone_areRefused(String options) {
    Cli run = hex(options.split(" "));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(" need");
  }

  @Test
  void dts_badDefinitionOrFile_isRefused() throws Exception {
    String overlay = conditional();
    for (List<String> more : List.of(List.of("-D", "1"), List.of("-U", "a b"))) {
      Cli run =
          hex(Stream.concat(Stream.of("--dts", overlay), more.stream()).toArray(String[]::new));
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("-D and -U");
    }
    assertThat(hex("--dts", folder.toString()).err()).contains("is a folder");
    assertThat(hex("--dts", folder.resolve("gone").toString()).err()).contains("no such file");
  }

  @ParameterizedTest
  @CsvSource({
    "nrf52840_pca10056, , 0xfb000",
    "nrf52840_pca10056, 2019-03-01, 0xf4000",
    "nrf52840_pca10056, 2018-12-24, 0xff000",
    "frdm_k64f, 2018-12-24, 0x1f000",
    "96b_carbon, , 0x8010000",
    "nrf52_blenano2, 2018-12-24, 0x7f000",
  })
  void board_date_decides_andTheNoteSaysWhichFirmwareReadsThere(
      String board, String date, String address) {
    Cli run = date == null ? hex("--board", board) : hex("--board", board, "--firmware-date", date);
    assertAddress(run, Long.decode(address));
    assertThat(run.err()).contains("note: " + board + ": " + address);
  }

  @Test
  void board_thatMoved_namesTheOtherAddresses() {
    assertThat(hex("--board", "frdm_k64f").err())
        .contains(
            "0x10000 is where firmware since 2019-02-21 reads",
            "firmware until 2019-02-21 reads 0x1f000",
            "--firmware-date");
    assertThat(hex("--board", "nrf52_pca10040").err()).contains("firmware of any date");
  }

  @Test
  void firmwareDate_ofAMove_isRefused() {
    Cli run = hex("--board", "reel_board", "--firmware-date", "2019-03-21");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("0xf4000", "0xfb000");
    assertThat(hex("--board", "reel_board", "--firmware-date", "March").err())
        .contains("--firmware-date must be a date");
  }

  @Test
  void help_saysThatPartitionManagerOverridesTheDevicetree() {
    assertThat(Cli.run("gen-cred-partition", "--help").out().replaceAll("\\s+", " "))
        .contains("Partition Manager", "overrides the devicetree");
  }
}
