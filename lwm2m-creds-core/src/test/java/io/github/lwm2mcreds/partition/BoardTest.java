package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void values_allBoards_areTheSevenAbove() {
    assertThat(Board.values()).hasSize(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "esp32", "NRF52_BLENANO2", "nitrogen_96b", "frdm_k64f "})
  void named_anythingElse_isRefusedWithTheKnownNames(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Board.named(name))
        .withMessageContainingAll("'" + name + "'", "96b_nitrogen", "frdm_k64f");
  }
}
