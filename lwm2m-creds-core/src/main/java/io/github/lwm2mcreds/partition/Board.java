package io.github.lwm2mcreds.partition;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The boards of dm-lwm2m, and where each has its credential partition; from the project's
 * devicetree overlays.
 */
public enum Board {
  /** RedBear BLE Nano 2 (nRF52832). */
  NRF52_BLENANO2(0x7f000),
  /** Nordic nRF52 DK (nRF52832). */
  NRF52_PCA10040(0x7f000),
  /** 96Boards Nitrogen (nRF52832). */
  NITROGEN_96B("96b_nitrogen", 0x7f000),
  /** Nordic nRF52840 DK. */
  NRF52840_PCA10056(0xfb000),
  /** Particle Xenon (nRF52840). */
  PARTICLE_XENON(0xfb000),
  /** Phytec reel board (nRF52840). */
  REEL_BOARD(0xfb000),
  /** NXP FRDM-K64F. */
  FRDM_K64F(0x10000);

  private final String boardName;
  private final PartitionLocation location;

  Board(int address) {
    this.boardName = name().toLowerCase(Locale.ROOT);
    this.location = new PartitionLocation(address, PartitionLocation.DEFAULT_SIZE);
  }

  Board(String boardName, int address) {
    this.boardName = boardName;
    this.location = new PartitionLocation(address, PartitionLocation.DEFAULT_SIZE);
  }

  /**
   * Finds a board.
   *
   * @param boardName Zephyr's name for it, such as {@code nrf52840_pca10056}
   * @return the board
   * @throws IllegalArgumentException if it is not one of these; the message lists them
   */
  public static Board named(String boardName) {
    return Arrays.stream(values())
        .filter(board -> board.boardName.equals(boardName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + boardName
                        + "' is not a known board; known are "
                        + Arrays.stream(values())
                            .map(Board::boardName)
                            .collect(Collectors.joining(", "))
                        + "; for another, give an address, or its devicetree"));
  }

  /**
   * Gives Zephyr's name for the board.
   *
   * @return such as {@code nrf52840_pca10056}
   */
  public String boardName() {
    return boardName;
  }

  /**
   * Tells where its credential partition lies.
   *
   * @return the location
   */
  public PartitionLocation location() {
    return location;
  }
}
