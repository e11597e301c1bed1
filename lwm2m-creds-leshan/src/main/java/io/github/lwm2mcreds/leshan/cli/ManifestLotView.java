// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.manifest.Lot;
import java.nio.file.Path;

/** Shows what was done with a lot. */
final class ManifestLotView {
  private final Streams streams;
  private final FormatOption format;

  ManifestLotView(Streams streams, FormatOption format) {
    this.streams = streams;
    this.format = format;
  }

  void print(Path file, Lot lot, String outcome) {
    if (!format.isJson()) {
      streams
          .out()
          .println(
              InputFile.name(file)
                  + ": "
                  + outcome
                  + ": lot "
                  + lot.number()
                  + ", "
                  + lot.count()
                  + " devices, digest "
                  + lot.sha256());
      return;
    }
    ObjectNode object = object(lot);
    object.put("file", file.toString());
    object.put("outcome", outcome);
    streams.out().println(JsonLine.of(object));
  }

  static ObjectNode object(Lot lot) {
    ObjectNode object = JsonLine.object();
    object.put("lot", lot.number());
    object.put("count", lot.count());
    object.put("sha256", lot.sha256());
    return object;
  }
}
