// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.Board.Placement;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.partition.FirmwareView.EndpointSource;
import io.github.lwm2mcreds.partition.PartitionInspection;
import io.github.lwm2mcreds.partition.PartitionInspection.Finding;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Prints inspections of partitions, for people or for programs. */
final class InspectView {
  private static final String SERIAL_NAME = FirmwareView.DEFAULT_PREFIX + ":sn:<serial>";

  static final String NO_ENDPOINT = "(not set)";

  private final Streams streams;

  InspectView(Streams streams) {
    this.streams = streams;
  }

  static PartitionInspection inspect(Path file, Optional<PartitionLocation> location)
      throws CommandException {
    byte[] partition = PartitionFile.read(file, location);
    try {
      return PartitionInspection.of(partition);
    } finally {
      Arrays.fill(partition, (byte) 0);
    }
  }

  void print(Path file, PartitionInspection inspection, boolean reveal) {
    print(new Inspected(file, Optional.empty(), inspection), reveal);
  }

  void print(Inspected inspected, boolean reveal) {
    PartitionInspection inspection = inspected.inspection();
    FirmwareView firmware = inspection.firmware();
    streams.out().println(inspected.name());
    streams.row("endpoint", inspection.endpoint().map(Printable::escape).orElse(NO_ENDPOINT));
    streams.row("check value", checkValue(firmware));
    streams.row("firmware", firmwareLine(firmware));
    if (reveal) {
      streams.row("key", psk(firmware).orElse("(none)"));
    }
    if (inspected.findings().isEmpty()) {
      streams.row("findings", "none");
    }
    for (Finding finding : inspected.findings()) {
      streams.row("finding", finding.message() + " [" + finding.code() + "]");
    }
  }

  private static String firmwareLine(FirmwareView firmware) {
    if (!firmware.starts()) {
      return "does not start LwM2M";
    }
    String key =
        firmware.keySource() == FirmwareView.KeySource.BUILT_IN
            ? "its built-in key"
            : "the key from the partition";
    return "registers as '"
        + Printable.escape(firmware.endpointName(SERIAL_NAME))
        + "' with "
        + key;
  }

  void printJson(Inspected inspected, boolean reveal) {
    PartitionInspection inspection = inspected.inspection();
    FirmwareView firmware = inspection.firmware();
    ObjectNode object = JsonLine.object();
    object.put("file", inspected.file().toString());
    inspected.placement().ifPresent(placement -> put(object, placement));
    object.put("endpoint", inspection.endpoint().orElse(null));
    object.put("checkValue", findCheckValue(firmware).orElse(null));
    ObjectNode view = object.putObject("firmware");
    view.put("endpointName", firmware.endpointName(SERIAL_NAME));
    view.put(
        "endpointSource",
        firmware.endpointSource() == EndpointSource.PARTITION ? "partition" : "serial");
    view.put(
        "keySource",
        switch (firmware.keySource()) {
          case PARTITION -> "partition";
          case BUILT_IN -> "built-in";
          case NONE -> "none";
        });
    view.put("starts", firmware.starts());
    if (reveal) {
      psk(firmware).ifPresent(psk -> view.put("psk", psk));
    }
    ArrayNode findings = object.putArray("findings");
    for (Finding finding : inspected.findings()) {
      findings.addObject().put("code", finding.code()).put("message", finding.message());
    }
    streams.out().println(JsonLine.of(object));
  }

  private static void put(ObjectNode object, Placement placement) {
    object.put("address", String.format(Locale.ROOT, "0x%x", placement.location().address()));
    object.put("firmwareSince", placement.since().map(LocalDate::toString).orElse(null));
    object.put("firmwareUntil", placement.until().map(LocalDate::toString).orElse(null));
  }

  static String checkValue(FirmwareView firmware) {
    return findCheckValue(firmware).orElse("(no key)");
  }

  static Optional<String> findCheckValue(FirmwareView firmware) {
    return firmware.psk().map(PreSharedKey::checkValue).map(KeyCheckValue::toString);
  }

  private static Optional<String> psk(FirmwareView firmware) {
    return firmware.psk().map(InspectView::hex);
  }

  /** Returns a key in clear; only for a user who asked to see it. */
  static String hex(PreSharedKey psk) {
    byte[] key = psk.exposeBytes();
    try {
      return HexFormat.of().formatHex(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
