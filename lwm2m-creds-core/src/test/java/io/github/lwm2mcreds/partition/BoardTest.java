// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoardTest {
  @ParameterizedTest
  @CsvSource({
    "nrf52_blenano2, 7f000",
    "nrf52_pca10040, 7f000",
    "96b_nitrogen, 7f000",
    "nrf52840_pca10056, fb000",
    "particle_xenon, fb000",
    "reel_board, fb000",
    "frdm_k64f, 10000",
  })
  void named_boardsOfDmLwm2m_lieWhereTheirOverlaysSay(String name, String address) {
    Board board = Board.named(name);
    assertThat(board.boardName()).isEqualTo(name);
    assertThat(board.location())
        .isEqualTo(new PartitionLocation(Long.parseLong(address, 16), 0x1000));
  }

  @Test
  void values_allBoards_areTheSevenAboveAndCarbon() {
    assertThat(Board.values()).hasSize(8);
  }

  /** Its overlay of 2017 says 0x10000; Zephyr's devicetree of STM32F401 has flash@8000000. */
  @Test
  void named_carbon_liesInAFlashThatDoesNotBeginAtZero() {
    PartitionLocation location = Board.named("96b_carbon").location();
    assertThat(location).isEqualTo(new PartitionLocation(0x08010000, 0x10000, 0x08000000));
    assertThat(location.offset()).isEqualTo(0x10000);
  }

  /** The facts of dm-lwm2m's overlay and Zephyr's stm32f4.dtsi of 2017, read as devicetree. */
  @Test
  void location_carbon_isWhereItsDevicetreeSays() throws Exception {
    String board =
        "/ { soc { flash-controller@40023c00 { reg = <0x40023c00 0x400>; flash0: flash@8000000 {"
            + " reg = <0x08000000 DT_SIZE_K(512)>; }; }; }; };\n";
    String overlay =
        "&flash0 { partitions { credentials_partition: partition@10000 {"
            + " label = \"lwm2m-credentials\"; reg = <0x00010000 0x00010000>; }; }; };";
    assertThat(Devicetree.findCredentialPartition(board + overlay))
        .isEqualTo(Board.CARBON_96B.location());
  }

  /** The days of dm-lwm2m's commits that moved the partition. */
  @ParameterizedTest
  @CsvSource({
    "nrf52840_pca10056, 2017-07-26, ff000",
    "nrf52840_pca10056, 2019-02-21, ff000",
    "nrf52840_pca10056, 2019-02-23, f4000",
    "particle_xenon, 2019-03-20, f4000",
    "reel_board, 2019-03-22, fb000",
    "frdm_k64f, 2019-02-20, 1f000",
    "frdm_k64f, 2019-02-22, 10000",
    "nrf52_blenano2, 2017-01-01, 7f000",
    "nrf52_blenano2, 2030-01-01, 7f000",
  })
  void placement_date_isWhereThatFirmwareReads(String name, LocalDate date, String address) {
    assertThat(Board.named(name).placement(date).location())
        .isEqualTo(new PartitionLocation(Long.parseLong(address, 16), 0x1000));
  }

  @ParameterizedTest
  @CsvSource({"2019-02-22, 0xff000, 0xf4000", "2019-03-21, 0xf4000, 0xfb000"})
  void placement_dayOfAMove_isRefusedWithBoth(LocalDate day, String from, String to) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Board.REEL_BOARD.placement(day))
        .withMessageContainingAll("reel_board", from, to, "" + day);
  }

  @ParameterizedTest
  @EnumSource
  void placements_anyBoard_followEachOtherWithoutGaps(Board board) {
    assertThat(board.placements().get(0).location()).isEqualTo(board.location());
    assertThat(board.placements().get(0).until()).isEmpty();
    for (int i = 1; i < board.placements().size(); i++) {
      assertThat(board.placements().get(i).until())
          .isEqualTo(board.placements().get(i - 1).since());
    }
    assertThat(board.placements().get(board.placements().size() - 1).since()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "esp32", "NRF52_BLENANO2", "nitrogen_96b", "frdm_k64f "})
  void named_anythingElse_isRefusedWithTheKnownNames(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Board.named(name))
        .withMessageContainingAll("'" + name + "'", "96b_nitrogen", "frdm_k64f");
  }
}
