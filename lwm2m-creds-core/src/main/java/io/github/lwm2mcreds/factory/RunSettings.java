// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.factory.FactoryException.Reason;
import io.github.lwm2mcreds.label.LabelSheet;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestSealer;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What a run makes, and where: all that must be the same when it is resumed. */
record RunSettings(
    Devices devices,
    Path images,
    FlashImage.Format image,
    Optional<PartitionLocation> location,
    Optional<String> board,
    Optional<DeviceProfile> stack,
    Path manifest,
    ManifestFormat format,
    String lot,
    Optional<ManifestSealer> sealer,
    Optional<Path> labels,
    LabelSheet sheet) {

  /** Returns the file of the state of a run, beside the manifest. */
  Path stateFile() {
    return manifest.resolveSibling(manifest.getFileName() + ".run");
  }

  /** Returns whether each device has to name its board. */
  boolean needsBoard() {
    return image == FlashImage.Format.HEX && location.isEmpty();
  }

  /** Checks that nothing is where something is to be made. */
  void requireRoom() throws IOException {
    if (Files.exists(manifest)) {
      throw exists("the manifest exists; it stays as it is");
    }
    if (labels.isPresent() && Files.exists(labels.get())) {
      throw exists("the labels exist; they stay as they are");
    }
    if (!Files.exists(images)) {
      return;
    }
    if (!Files.isDirectory(images)) {
      throw exists("the images exist; they stay as they are");
    }
    try (Stream<Path> there = Files.list(images)) {
      if (there.findAny().isPresent()) {
        throw exists("the folder for the images is not empty");
      }
    }
  }

  private static FactoryException exists(String message) {
    return new FactoryException(Reason.OUTPUT_EXISTS, message);
  }

  /**
   * Describes what decides about the bytes of what is made, a line for each; known after the check
   * of the devices.
   */
  String describe() {
    return String.join(
        "\n",
        devices.settings(),
        "the images " + image + " at " + location.map(Object::toString).orElse("any address"),
        "the board " + board.orElse("of the list"),
        "the lot " + lot,
        "the images in '" + images.toAbsolutePath().normalize() + "'",
        labels
            .map(file -> "the labels in '" + file.toAbsolutePath().normalize() + "' on " + sheet)
            .orElse("no labels"),
        "a manifest " + format + (sealer.isPresent() ? " that is sealed" : " in clear"));
  }
}
