package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.Devicetree;
import io.github.lwm2mcreds.partition.FlashImageException;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where in flash the credential partition lies; for every command that reads or writes images. */
final class LocationOptions {
  @Option(
      names = "--board",
      paramLabel = "NAME",
      description = "Zephyr's name of a board of dm-lwm2m, such as nrf52840_pca10056.")
  private String board;

  @Option(
      names = "--dts",
      paramLabel = "FILE",
      description =
          "A devicetree overlay, or the build's zephyr.dts, with a credentials_partition.")
  private Path devicetree;

  @Option(
      names = {"--address", "--at"},
      paramLabel = "ADDRESS",
      description = "The partition's address in flash, such as 0x7f000.")
  private String address;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "The partition's size in bytes; 0x1000 if not given.")
  private String size;

  Optional<PartitionLocation> location() throws CommandException {
    long ways = (board == null ? 0 : 1) + (devicetree == null ? 0 : 1) + (address == null ? 0 : 1);
    if (ways > 1) {
      throw CommandException.refused("give one of --board, --dts and --address");
    }
    if (size != null && address == null) {
      throw CommandException.refused("--size goes with --address");
    }
    try {
      if (board != null) {
        return Optional.of(Board.named(board).location());
      }
      if (devicetree != null) {
        return Optional.of(
            Devicetree.findCredentialPartition(
                Files.readString(devicetree, StandardCharsets.UTF_8)));
      }
      return address == null ? Optional.empty() : Optional.of(fromAddress());
    } catch (NumberFormatException e) {
      throw CommandException.refused("an address or size is a number, in hex with 0x in front", e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw CommandException.refused(e.getMessage(), e);
    } catch (FlashImageException e) {
      throw CommandException.refused(devicetree + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw PartitionFile.unreadable(devicetree, e);
    }
  }

  private PartitionLocation fromAddress() {
    int bytes = size == null ? PartitionLocation.DEFAULT_SIZE : Math.toIntExact(Long.decode(size));
    return new PartitionLocation(Long.decode(address), bytes);
  }
}
