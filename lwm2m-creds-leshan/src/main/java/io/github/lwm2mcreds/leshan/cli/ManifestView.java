// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestProblem;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows what is in a manifest, but never a key. */
final class ManifestView {
  private final Streams streams;
  private final boolean isJson;

  ManifestView(Streams streams, FormatOption format) {
    this.streams = streams;
    this.isJson = format.isJson();
  }

  /** Reads a manifest, sealed or in clear, and prints its problems and what is in it. */
  ManifestSummary show(Path file, ManifestSource source, KeyPolicyOption keyPolicy)
      throws CommandException, IOException {
    try (ManifestReader reader = source.reader(file, keyPolicy.policy(), streams)) {
      ManifestSummary summary = readAll(reader);
      print(file, summary);
      return summary;
    }
  }

  /** Reads a manifest to its end and prints its problems. */
  ManifestSummary readAll(ManifestReader reader) throws IOException {
    for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      if (next.get() instanceof ManifestRow row) {
        row.destroy();
      } else if (next.get() instanceof ManifestProblem problem) {
        print(problem);
      }
    }
    return reader.summary();
  }

  void print(ManifestProblem problem) {
    if (isJson) {
      ObjectNode object = JsonLine.object();
      object.put("line", problem.line());
      object.put("column", problem.column().orElse(null));
      object.put("endpoint", problem.endpoint().orElse(null));
      object.put("reason", problem.reason().name());
      object.put("message", problem.message());
      streams.out().println(JsonLine.of(object));
    } else {
      streams
          .out()
          .println(
              "  line "
                  + problem.line()
                  + problem.column().map(name -> ", " + Printable.escape(name)).orElse("")
                  + ": "
                  + problem.message());
    }
  }

  void print(Path file, ManifestSummary summary) {
    if (isJson) {
      printJson(file, summary);
      return;
    }
    streams.out().println(InputFile.name(file));
    streams.row("format", name(summary.format()));
    streams.row(
        "columns",
        summary.columns().stream().map(Printable::escape).collect(Collectors.joining(", ")));
    streams.row("devices", Long.toString(summary.rows()));
    streams.row("problems", Long.toString(summary.problems()));
    summary.stated().or(summary::found).ifPresent(lot -> streams.row("lot", lot.number()));
    streams.row("digest", summary.found().map(Lot::sha256).orElse("(of no lot)"));
    streams.row("complete", text(summary));
  }

  private void printJson(Path file, ManifestSummary summary) {
    ObjectNode object = JsonLine.object();
    object.put("file", file.toString());
    object.put("format", name(summary.format()));
    ArrayNode columns = object.putArray("columns");
    summary.columns().forEach(columns::add);
    object.put("devices", summary.rows());
    object.put("problems", summary.problems());
    object.put("lot", summary.stated().or(summary::found).map(Lot::number).orElse(null));
    object.put("count", summary.stated().map(Lot::count).orElse(null));
    object.put("sha256", summary.stated().map(Lot::sha256).orElse(null));
    object.put("lotCheck", summary.lotCheck().name());
    streams.out().println(JsonLine.of(object));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether a lot is complete, for people. */
  static String text(ManifestSummary summary) {
    return switch (summary.lotCheck()) {
      case MATCHES -> "yes, all rows are there and unchanged";
      case NO_LOT -> "unknown, as it is not a lot";
      case END_MISSING, COUNT_DIFFERS, DIGEST_DIFFERS ->
          "NO, " + summary.lotProblem().orElseThrow();
    };
  }

  static boolean isWhole(ManifestSummary summary) {
    return summary.problems() == 0 && summary.lotCheck() == LotCheck.MATCHES;
  }
}
