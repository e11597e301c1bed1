// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyReuse;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.Board.Placement;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.partition.PartitionInspection;
import io.github.lwm2mcreds.partition.PartitionInspection.Finding;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A partition that was inspected.
 *
 * @param placement which firmware reads it, if the file is a dump of a board's flash
 * @param findings those of the inspection, and what other partitions add to them
 */
record Inspected(
    Path file,
    Optional<Placement> placement,
    PartitionInspection inspection,
    List<Finding> findings) {

  Inspected(Path file, Optional<Placement> placement, PartitionInspection inspection) {
    this(file, placement, inspection, inspection.findings());
  }

  /** Inspects the partition at a location in a file, and then those at others of the board. */
  static List<Inspected> read(
      Path file, Optional<PartitionLocation> location, List<Placement> placements)
      throws CommandException {
    List<Inspected> all = new ArrayList<>();
    for (PartitionFile.Found found : PartitionFile.read(file, location, placements)) {
      all.add(new Inspected(file, found.placement(), PartitionInspection.of(found.bytes())));
      Arrays.fill(found.bytes(), (byte) 0);
    }
    return all;
  }

  /** Adds findings about a key or an endpoint that another file has, too. */
  Inspected comparedWith(KeyReuse<Path> keys) {
    FirmwareView firmware = inspection.firmware();
    if (inspection.endpoint().isEmpty()
        || firmware.keySource() != FirmwareView.KeySource.PARTITION) {
      return this;
    }
    KeyReuse.Clash<Path> clash =
        keys.add(inspection.endpoint().get(), firmware.psk().orElseThrow(), file);
    return with(
        Stream.concat(
            clash.sameKey().map(Inspected::sharedKey).stream(),
            clash.otherKey().map(Inspected::otherKey).stream()));
  }

  /** Adds a finding if this place is erased and another firmware's has a partition. */
  Inspected comparedWith(List<Inspected> elsewhere) {
    if (!isErased()) {
      return this;
    }
    return with(elsewhere.stream().filter(other -> !other.isErased()).map(this::elsewhere));
  }

  boolean isErased() {
    return inspection.findings().stream()
        .map(Finding::code)
        .toList()
        .equals(List.of("endpoint-erased", "token-erased"));
  }

  private Inspected with(Stream<Finding> more) {
    return new Inspected(
        file, placement, inspection, Stream.concat(findings.stream(), more).toList());
  }

  private static Finding sharedKey(KeyReuse.Earlier<Path> earlier) {
    return new Finding(
        "key-shared",
        0,
        "the key is also that of "
            + StoreRow.quoted(earlier.endpoint())
            + " in "
            + InputFile.name(earlier.place())
            + ": each device needs a key of its own");
  }

  private static Finding otherKey(KeyReuse.Earlier<Path> earlier) {
    return new Finding(
        "endpoint-other-key",
        0,
        "the endpoint has another key, with the check value "
            + earlier.checkValue()
            + ", in "
            + InputFile.name(earlier.place()));
  }

  private Finding elsewhere(Inspected other) {
    Placement old = other.placement.orElseThrow();
    return new Finding(
        "partition-elsewhere",
        0,
        "the partition of "
            + other.inspection.endpoint().map(StoreRow::quoted).orElse("a device")
            + " is at "
            + PlacementText.address(old.location())
            + ", where "
            + PlacementText.firmware(old)
            + " reads, and not here, where "
            + PlacementText.firmware(placement.orElseThrow())
            + " does");
  }

  /** Returns the file's name and, in a dump of a board, the address. */
  String name() {
    return InputFile.name(file)
        + placement
            .map(
                p ->
                    " at "
                        + Printable.escape(PlacementText.address(p.location()))
                        + ", for "
                        + PlacementText.firmware(p))
            .orElse("");
  }
}
