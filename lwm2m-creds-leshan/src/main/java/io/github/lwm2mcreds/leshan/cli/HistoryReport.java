// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Prints what the verification of a store's history found, as text or as JSON objects. */
record HistoryReport(Streams streams, boolean asJson) {
  /**
   * Prints what was found.
   *
   * @param end how far the history is unbroken
   * @param earlier the checkpoint that the history was compared with
   */
  void print(Position end, Optional<AuditCheckpoint> earlier, List<StoreFinding> findings) {
    if (asJson) {
      printJson(end, earlier, findings);
      return;
    }
    if (end.number() > 0) {
      println("unbroken from 1 to " + end.number() + ", hash " + end.hash());
    } else if (findings.isEmpty()) {
      println("the history has no entries yet, hash " + end.hash());
    }
    findings.forEach(finding -> println(finding.problem()));
    if (findings.isEmpty() && earlier.isPresent()) {
      println("nothing is missing since the checkpoint at entry " + earlier.get().number());
    }
  }

  private void printJson(
      Position end, Optional<AuditCheckpoint> earlier, List<StoreFinding> findings) {
    findings.forEach(finding -> println(JsonLine.of(ReportJson.of(finding))));
    println(
        JsonLine.of(
            JsonLine.object()
                .put("unbrokenTo", end.number())
                .put("hash", end.hash().toString())
                .put("checkpoint", earlier.map(AuditCheckpoint::number).orElse(null))
                .put("findings", findings.size())));
  }

  void saved(AuditCheckpoint checkpoint, Path file) {
    println(
        asJson
            ? JsonLine.of(CheckpointFile.json(checkpoint).put("file", file.toString()))
            : "checkpoint at entry " + checkpoint.number() + " written to " + InputFile.name(file));
  }

  private void println(String line) {
    streams.out().println(line);
  }
}
