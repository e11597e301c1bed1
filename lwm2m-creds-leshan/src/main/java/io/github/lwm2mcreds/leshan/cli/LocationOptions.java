package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.Devicetree;
import io.github.lwm2mcreds.partition.FlashImageException;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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
      names = "--dts",
      paramLabel = "FILE",
      description = "Devicetree overlay, or the build's zephyr.dts, with a credentials_partition.")
  private Path devicetree;

  @Option(
      names = {"--address", "--at"},
      paramLabel = "ADDRESS",
      description = "Address of the partition, such as 0x7f000.")
  private String address;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "Size of the partition in bytes. Default: 0x1000.")
  private String size;

  Optional<PartitionLocation> location() throws CommandException {
    long ways = (board == null ? 0 : 1) + (devicetree == null ? 0 : 1) + (address == null ? 0 : 1);
    if (ways > 1) {
      throw CommandException.refused("give only one of --board, --dts and --address");
    }
    if (size != null && address == null) {
      throw CommandException.refused("--size needs --address");
    }
    if (board != null) {
      return Optional.of(checked(() -> Board.named(board).location()));
    }
    if (devicetree != null) {
      return Optional.of(fromDevicetree());
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

  private static PartitionLocation checked(Supplier<PartitionLocation> location)
      throws CommandException {
    try {
      return location.get();
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(e.getMessage(), e);
    }
  }

  private PartitionLocation fromDevicetree() throws CommandException {
    String text = new String(InputFile.read(devicetree), StandardCharsets.UTF_8);
    try {
      return Devicetree.findCredentialPartition(text);
    } catch (FlashImageException e) {
      throw CommandException.refused(InputFile.name(devicetree) + ": " + e.getMessage(), e);
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
