// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.manifest.ManifestReceipt;
import io.github.lwm2mcreds.manifest.ManifestReceipt.NotTaken;

/** Shows a receipt. */
final class ManifestReceiptView {
  private final Streams streams;
  private final FormatOption format;

  ManifestReceiptView(Streams streams, FormatOption format) {
    this.streams = streams;
    this.format = format;
  }

  void print(ManifestReceipt receipt) {
    if (format.isJson()) {
      printJson(receipt);
      return;
    }
    streams
        .out()
        .println(
            "lot "
                + receipt.lot().number()
                + ": "
                + receipt.taken()
                + " of "
                + receipt.lot().count()
                + " devices taken, as of "
                + receipt.time());
    streams.row("digest", receipt.lot().sha256());
    for (NotTaken device : receipt.notTaken()) {
      streams
          .out()
          .println(
              "  line "
                  + device.line()
                  + device.endpoint().map(name -> ", " + StoreRow.quoted(name)).orElse("")
                  + ": "
                  + device.reason()
                  + ": "
                  + Printable.escape(device.message()));
    }
  }

  private void printJson(ManifestReceipt receipt) {
    for (NotTaken device : receipt.notTaken()) {
      ObjectNode object = JsonLine.object();
      object.put("line", device.line());
      object.put("endpoint", device.endpoint().orElse(null));
      object.put("reason", device.reason());
      object.put("message", device.message());
      streams.out().println(JsonLine.of(object));
    }
    ObjectNode object = ManifestLotView.object(receipt.lot());
    object.put("time", receipt.time().toString());
    object.put("taken", receipt.taken());
    object.put("notTaken", receipt.notTaken().size());
    streams.out().println(JsonLine.of(object));
  }
}
