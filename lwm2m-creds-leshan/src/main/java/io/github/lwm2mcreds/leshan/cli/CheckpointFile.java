// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.HistoryHash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** A checkpoint of a store's history in a file: one JSON object in a line. */
final class CheckpointFile {
  private CheckpointFile() {}

  static void write(Path file, AuditCheckpoint checkpoint) throws CommandException {
    byte[] line = (JsonLine.of(json(checkpoint)) + "\n").getBytes(US_ASCII);
    PrivateFile.writeNew(file, line, Optional.empty());
  }

  static ObjectNode json(AuditCheckpoint checkpoint) {
    return JsonLine.object()
        .put("number", checkpoint.number())
        .put("hash", checkpoint.hash().toString())
        .put("time", checkpoint.time().toString());
  }

  static AuditCheckpoint read(Path file) throws CommandException {
    try {
      JsonNode object = new ObjectMapper().readTree(InputFile.read(file));
      JsonNode number = object.path("number");
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw new IllegalArgumentException("no number");
      }
      return new AuditCheckpoint(
          number.longValue(),
          HistoryHash.parse(object.path("hash").asText()),
          Instant.parse(object.path("time").asText()));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw CommandException.refused(
          InputFile.name(file) + ": is not a checkpoint of store audit --save-checkpoint", e);
    }
  }
}
