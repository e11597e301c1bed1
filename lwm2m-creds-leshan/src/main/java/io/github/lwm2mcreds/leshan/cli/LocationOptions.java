// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.Board.Placement;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The location of the credential partition in flash, for commands that read or write images. */
final class LocationOptions {
  static final String HEADING = "%nLocation of the partition in flash:%n";

  private static final Pattern HEX = Pattern.compile("0[xX][0-9a-fA-F]{1,15}");
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,17}");

  @Option(
      names = "--board",
      paramLabel = "NAME",
      description = "Zephyr's name of a dm-lwm2m board, such as nrf52840_pca10056.")
  private String board;

  @Option(
      names = "--firmware-date",
      paramLabel = "YYYY-MM-DD",
      description =
          "With --board: the date of the firmware. On some boards, the partition was elsewhere"
              + " before March 2019. Default: the newest.")
  private String firmwareDate;

  @ArgGroup(exclusive = false)
  private DevicetreeOptions devicetree;

  @Option(
      names = {"--address", "--at"},
      paramLabel = "ADDRESS",
      description =
          "Address of the partition, such as 0x7f000. Where a build uses Nordic's Partition"
              + " Manager, that overrides the devicetree: take the address from the build's"
              + " partitions.yml.")
  private String address;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "Size of the partition in bytes. Default: 0x1000.")
  private String size;

  private boolean explained;

  Optional<PartitionLocation> location() throws CommandException {
    boolean hasFiles = devicetree != null && devicetree.hasFiles();
    long ways = (board == null ? 0 : 1) + (hasFiles ? 1 : 0) + (address == null ? 0 : 1);
    if (ways > 1) {
      throw CommandException.refused("give only one of --board, --dts and --address");
    }
    if (size != null && address == null) {
      throw CommandException.refused("--size needs --address");
    }
    if (firmwareDate != null && board == null) {
      throw CommandException.refused("--firmware-date needs --board");
    }
    if (board != null) {
      return Optional.of(placement().location());
    }
    if (devicetree != null) {
      return Optional.of(devicetree.find().location());
    }
    if (address == null) {
      return Optional.empty();
    }
    long at = number("--address", address);
    long bytes = size == null ? PartitionLocation.DEFAULT_SIZE : number("--size", size);
    if (bytes > PartitionLocation.MAX_SIZE) {
      throw CommandException.refused(
          "--size must be at most " + PartitionLocation.MAX_SIZE + " bytes");
    }
    return Optional.of(checked(() -> new PartitionLocation(at, (int) bytes)));
  }

  /**
   * Returns the locations to look at: the one above first and, if only a board is given, those that
   * its partition had before.
   */
  List<Placement> placements() throws CommandException {
    if (board == null) {
      return List.of();
    }
    return firmwareDate == null ? board().placements() : List.of(placement());
  }

  /** Returns the board, if that is how the location is given. */
  Optional<Board> findBoard() throws CommandException {
    return board == null ? Optional.empty() : Optional.of(board());
  }

  /** Says once, on standard error, which firmware reads there, and what was assumed. */
  void explain(Streams streams) throws CommandException {
    if (explained) {
      return;
    }
    explained = true;
    if (board != null) {
      streams.err().println("note: " + PlacementText.of(board(), placement()));
    } else if (devicetree != null) {
      devicetree.find().notes().forEach(streams::warn);
    }
  }

  private Board board() throws CommandException {
    return checked(() -> Board.named(board));
  }

  private Placement placement() throws CommandException {
    Board known = board();
    if (firmwareDate == null) {
      return known.placements().get(0);
    }
    try {
      LocalDate date = LocalDate.parse(firmwareDate);
      return checked(() -> known.placement(date));
    } catch (DateTimeParseException e) {
      throw CommandException.refused("--firmware-date must be a date such as 2019-02-28", e);
    }
  }

  private static <T> T checked(Supplier<T> value) throws CommandException {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(e.getMessage(), e);
    }
  }

  /** Refuses a leading zero, which might mean octal, decimal or hex. */
  private static long number(String option, String text) throws CommandException {
    if (HEX.matcher(text).matches()) {
      return Long.parseLong(text.substring(2), 16);
    }
    if (DECIMAL.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    throw CommandException.refused(option + " must be a number; hex begins with 0x");
  }
}
