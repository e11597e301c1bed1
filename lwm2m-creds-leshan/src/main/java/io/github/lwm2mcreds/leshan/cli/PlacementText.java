// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.Board.Placement;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says which firmware reads a partition where. */
final class PlacementText {
  private PlacementText() {}

  /** Describes one location of a board, and where other firmware reads. */
  static String of(Board board, Placement placement) {
    List<Placement> others =
        board.placements().stream().filter(other -> !other.equals(placement)).toList();
    String text =
        board.boardName()
            + ": "
            + address(placement.location())
            + " is where "
            + firmware(placement)
            + " reads";
    return others.isEmpty()
        ? text
        : text
            + "; "
            + others.stream()
                .map(other -> firmware(other) + " reads " + address(other.location()))
                .collect(Collectors.joining(", "))
            + " (--firmware-date)";
  }

  static String firmware(Placement placement) {
    String since = placement.since().map(day -> " since " + day).orElse("");
    String until = placement.until().map(day -> " until " + day).orElse("");
    return since.isEmpty() && until.isEmpty() ? "firmware of any date" : "firmware" + since + until;
  }

  static String address(PartitionLocation location) {
    String text = String.format(Locale.ROOT, "0x%x", location.address());
    return location.flashBase() == 0
        ? text
        : text
            + String.format(
                Locale.ROOT,
                " (0x%x of its flash, which begins at 0x%x)",
                location.offset(),
                location.flashBase());
  }
}
