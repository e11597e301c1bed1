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
 * The commands that write one image to a board and erase nothing but the sectors under it.
 *
 * <ul>
 *   <li>pyOCD: {@code load}, formerly {@code flash}. A binary file needs {@code --base-address};
 *       the targets are those of its {@code pyocd/target/builtin}, or of a pack. <a
 *       href="https://github.com/pyocd/pyOCD/blob/main/pyocd/subcommands/load_cmd.py">Source</a>
 *   <li>OpenOCD: {@code program}. A binary file needs its address. <a
 *       href="https://openocd.org/doc/html/Flash-Programming.html">Manual</a>
 *   <li>nRF Util: {@code device program}, of Intel HEX, through a J-Link; its default is to erase
 *       all. <a
 *       href="https://docs.nordicsemi.com/r/bYkE8evbjCoV6wV0tetlaQ/FEvFYTrxkhz~22inLPHIlA">Programming
 *       options</a>
 *   <li>West: {@code flash}, with the runner of the build's board. Zephyr of today calls {@code
 *       --skip-rebuild} deprecated, but Zephyr of dm-lwm2m's time knows no other word. <a
 *       href="https://github.com/zephyrproject-rtos/zephyr/blob/main/scripts/west_commands/run_common.py">Source</a>
 * </ul>
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

  static List<String> lines(Format image, PartitionLocation at, Optional<Board> board) {
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
        "  openocd "
            + board.map(FlashCommands::openocdFiles).orElse("-f BOARD.cfg")
            + " -c \"program "
            + file
            + (isHex ? "" : " " + address)
            + " verify reset exit\"");
    if (isHex && board.map(FlashCommands::hasJlink).orElse(true)) {
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
      case CARBON_96B -> "stm32f401retx"; // of a pack: pyocd pack install stm32f401retx
      case NRF52_BLENANO2, NRF52_PCA10040, NITROGEN_96B -> "nrf52";
    };
  }

  /** The files of OpenOCD's own {@code tcl} folder; the Carbon has no debugger of its own. */
  private static String openocdFiles(Board board) {
    if (hasJlink(board)) {
      return "-f interface/jlink.cfg -c \"transport select swd\" -f target/nrf52.cfg";
    }
    return switch (board) {
      case FRDM_K64F -> "-f interface/cmsis-dap.cfg -f target/k60.cfg";
      case CARBON_96B -> "-f interface/ADAPTER.cfg -f target/stm32f4x.cfg";
      default -> "-f interface/cmsis-dap.cfg -f target/nrf52.cfg";
    };
  }

  /** Returns whether the debugger on the board is a J-Link; on the others it speaks CMSIS-DAP. */
  private static boolean hasJlink(Board board) {
    return board == Board.NRF52_PCA10040 || board == Board.NRF52840_PCA10056;
  }
}
