// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The boards that dm-lwm2m supports or did, with the location of each one's credential partition
 * from the project's devicetree overlays, and the dates at which it moved.
 */
public enum Board {
  /** RedBear BLE Nano 2 (nRF52832). */
  NRF52_BLENANO2("nrf52_blenano2", always(0x7f000)),
  /** Nordic nRF52 DK (nRF52832). */
  NRF52_PCA10040("nrf52_pca10040", always(0x7f000)),
  /** 96Boards Nitrogen (nRF52832). */
  NITROGEN_96B("96b_nitrogen", always(0x7f000)),
  /** Nordic nRF52840 DK. */
  NRF52840_PCA10056("nrf52840_pca10056", nrf52840()),
  /** Particle Xenon (nRF52840). */
  PARTICLE_XENON("particle_xenon", nrf52840()),
  /** Phytec reel board (nRF52840). */
  REEL_BOARD("reel_board", nrf52840()),
  /** NXP FRDM-K64F. */
  FRDM_K64F("frdm_k64f", moved(0x1f000, "2019-02-21", 0x10000)),
  /**
   * 96Boards Carbon (STM32F401), supported until January 2018. Its overlay says 0x10000, which
   * counts from the beginning of the flash, as in firmware's {@code flash_read}. The CPU and flash
   * tools have the flash at 0x08000000 (Zephyr's {@code dts/arm/st/stm32f4.dtsi} of 2017: {@code
   * flash0: flash@8000000}), so that the address to write to is 0x08010000.
   */
  CARBON_96B(
      "96b_carbon",
      List.of(
          new Placement(
              new PartitionLocation(0x08010000, 0x10000, 0x08000000),
              Optional.empty(),
              Optional.empty())));

  /**
   * A location that was the board's for some time.
   *
   * @param location where firmware of that time reads the partition
   * @param since the day on which the partition moved there; empty if it always was there
   * @param until the day on which it moved away; empty if it is there still
   */
  public record Placement(
      PartitionLocation location, Optional<LocalDate> since, Optional<LocalDate> until) {}

  private final String boardName;
  private final List<Placement> placements;

  Board(String boardName, List<Placement> placements) {
    this.boardName = boardName;
    this.placements = List.copyOf(placements);
  }

  private static List<Placement> always(long address) {
    return moved(address);
  }

  private static List<Placement> nrf52840() {
    return moved(0xff000, "2019-02-22", 0xf4000, "2019-03-21", 0xfb000);
  }

  /** Returns the placements, the newest first, of addresses with the days of moves between them. */
  private static List<Placement> moved(Object... history) {
    List<Placement> placements = new ArrayList<>();
    for (int i = 0; i < history.length; i += 2) {
      long address = ((Number) history[i]).longValue();
      placements.add(
          0,
          new Placement(
              new PartitionLocation(address, PartitionLocation.DEFAULT_SIZE),
              day(history, i - 1),
              day(history, i + 1)));
    }
    return placements;
  }

  private static Optional<LocalDate> day(Object[] history, int index) {
    return index < 0 || index >= history.length
        ? Optional.empty()
        : Optional.of(LocalDate.parse((String) history[index]));
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
   * Returns the location of its credential partition in the newest firmware.
   *
   * @return the location
   */
  public PartitionLocation location() {
    return placements.get(0).location();
  }

  /**
   * Returns every location that its credential partition ever had.
   *
   * @return at least one, the newest first
   */
  public List<Placement> placements() {
    return placements;
  }

  /**
   * Returns the location of its credential partition in firmware of a certain date.
   *
   * @param firmwareDate the date of the newest commit in the firmware
   * @return the location and its time
   * @throws IllegalArgumentException if the partition moved on that very day; the message has both
   *     locations
   */
  public Placement placement(LocalDate firmwareDate) {
    for (Placement placement : placements) {
      Optional<LocalDate> since = placement.since();
      if (since.isPresent() && since.get().equals(firmwareDate)) {
        throw new IllegalArgumentException(movedOn(firmwareDate, placement));
      }
      if (since.isEmpty() || since.get().isBefore(firmwareDate)) {
        return placement;
      }
    }
    throw new IllegalStateException("the oldest placement has no beginning");
  }

  private String movedOn(LocalDate day, Placement later) {
    Placement earlier = placements.get(placements.indexOf(later) + 1);
    return String.format(
        Locale.ROOT,
        "the partition of %s moved from 0x%x to 0x%x on %s; give the day before or after",
        boardName,
        earlier.location().address(),
        later.location().address(),
        day);
  }
}
