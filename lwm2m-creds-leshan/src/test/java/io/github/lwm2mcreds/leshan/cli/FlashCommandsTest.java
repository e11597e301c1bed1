// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.FlashImage.Format;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlashCommandsTest {
  private static List<String> lines(Format image, Board board) {
    return FlashCommands.lines(image, board.location(), Optional.of(board));
  }

  @ParameterizedTest
  @EnumSource(names = {"RAW", "PAGE"})
  void lines_ofBinaryImage_nameItsAddress(Format image) {
    assertThat(lines(image, Board.FRDM_K64F))
        .containsExactly(
            "To write one of them:",
            "  pyocd load --target k64f --erase sector --base-address 0x10000 IMAGE.bin",
            "  openocd -f interface/cmsis-dap.cfg -f target/k60.cfg"
                + " -c \"program IMAGE.bin 0x10000 verify reset exit\"");
  }

  @Test
  void lines_ofHexForBoardWithJlink_nameNordicsToolAndNoAddress() {
    assertThat(lines(Format.HEX, Board.NRF52840_PCA10056))
        .containsExactly(
            "To write one of them:",
            "  pyocd load --target nrf52840 --erase sector IMAGE.hex",
            "  openocd -f interface/jlink.cfg -c \"transport select swd\" -f target/nrf52.cfg"
                + " -c \"program IMAGE.hex verify reset exit\"",
            "  nrfutil device program --firmware IMAGE.hex --options"
                + " chip_erase_mode=ERASE_RANGES_TOUCHED_BY_FIRMWARE,verify=VERIFY_READ,"
                + "reset=RESET_SYSTEM",
            "  west flash --skip-rebuild --hex-file IMAGE.hex");
  }

  @ParameterizedTest
  @EnumSource(names = {"REEL_BOARD", "NRF52_BLENANO2", "FRDM_K64F", "CARBON_96B"})
  void lines_forBoardWithoutJlink_doNotNameNordicsTool(Board board) {
    assertThat(lines(Format.HEX, board)).hasSize(4).noneMatch(line -> line.contains("nrfutil"));
  }

  @Test
  void lines_forStm32_areNotThoseOfNordic() {
    assertThat(lines(Format.HEX, Board.CARBON_96B).toString())
        .contains("stm32f401retx", "stm32f4x.cfg")
        .doesNotContain("nrf52");
  }

  @Test
  void lines_forUnknownBoard_leaveItOpen() {
    assertThat(
            FlashCommands.lines(
                Format.RAW, new PartitionLocation(0x7f000, 0x1000), Optional.empty()))
        .contains("  pyocd load --target TARGET --erase sector --base-address 0x7f000 IMAGE.bin")
        .contains("  openocd -f BOARD.cfg -c \"program IMAGE.bin 0x7f000 verify reset exit\"");
  }
}
