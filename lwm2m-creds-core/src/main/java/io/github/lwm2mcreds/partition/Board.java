package io.github.lwm2mcreds.partition;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The boards that dm-lwm2m supports, with the location of each one's credential partition from the
 * project's devicetree overlays.
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
   * Returns the board with a name.
   *
   * @param boardName Zephyr's name of the board, such as {@code nrf52840_pca10056}
   * @return the board
   * @throws IllegalArgumentException if no board has the name; the message lists all names
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
                        + "' is not a known board; the known boards are "
                        + Arrays.stream(values())
                            .map(Board::boardName)
                            .collect(Collectors.joining(", "))
                        + "; for another board, give its address or its devicetree"));
  }

  /**
   * Returns Zephyr's name of the board.
   *
   * @return a name such as {@code nrf52840_pca10056}
   */
  public String boardName() {
    return boardName;
  }

  /**
   * Returns the location of its credential partition.
   *
   * @return the location
   */
  public PartitionLocation location() {
    return location;
  }
}
