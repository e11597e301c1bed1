// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.FlashImage.Format;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The commands that write one image to a board and erase nothing but its partition: pyOCD's {@code
 * load} (its docs/command_reference), OpenOCD's {@code program} (its manual, Flash Programming),
 * Nordic's {@code nrfutil device program} (its Programming options; it erases all by default).
 */
final class FlashCommands {
  private FlashCommands() {}

  /** Returns a line for each tool; none if the location is not known. */
  static List<String> of(Path out, Format image, LocationOptions options) {
    try {
      Optional<PartitionLocation> location = options.location();
      return location.isEmpty() ? List.of() : lines(image, location.get(), options.findBoard());
    } catch (CommandException e) {
      return List.of(); // refused before
    }
  }

  private static List<String> lines(Format image, PartitionLocation at, Optional<Board> board) {
    String address = String.format(Locale.ROOT, "0x%x", at.address());
    boolean isHex = image == Format.HEX;
    String file = "IMAGE" + (isHex ? ".hex" : ".bin");
    List<String> lines = new ArrayList<>(List.of("To write one of them:"));
    lines.add(
        "  pyocd load --target "
            + board.map(FlashCommands::pyocdTarget).orElse("TARGET")
            + " --erase sector "
            + (isHex ? "" : "--base-address " + address + " ")
            + file);
    lines.add(
        "  openocd -f "
            + board.map(FlashCommands::openocdTarget).orElse("BOARD.cfg")
            + " -c \"program "
            + file
            + (isHex ? "" : " " + address)
            + " verify reset exit\"");
    if (isHex && board.map(b -> b != Board.FRDM_K64F).orElse(true)) {
      lines.add(
          "  nrfutil device program --firmware "
              + file
              + " --options"
              + " chip_erase_mode=ERASE_RANGES_TOUCHED_BY_FIRMWARE,verify=VERIFY_READ,reset=RESET_SYSTEM");
    }
    if (isHex) {
      lines.add("  west flash --skip-rebuild --hex-file " + file);
    }
    return lines;
  }

  private static String pyocdTarget(Board board) {
    return switch (board) {
      case FRDM_K64F -> "k64f";
      case NRF52840_PCA10056, PARTICLE_XENON, REEL_BOARD -> "nrf52840";
      default -> "nrf52";
    };
  }

  private static String openocdTarget(Board board) {
    return board == Board.FRDM_K64F
        ? "board/frdm-k64f.cfg"
        : "interface/cmsis-dap.cfg -f target/nrf52.cfg";
  }
}
