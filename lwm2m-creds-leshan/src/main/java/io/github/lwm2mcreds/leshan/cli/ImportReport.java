// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Prints what became of the rows of an import, and counts them. */
final class ImportReport {
  private final Streams streams;
  private final boolean asJson;
  private final boolean isDryRun;
  private final boolean isSummary;
  private final long[] counts = new long[ImportResult.values().length];
  private final long[] countsBefore = new long[counts.length];
  private long warnings;
  private long sources;
  private boolean isWhole = true;

  /**
   * Prepares a report.
   *
   * @param isDryRun whether the results are those that would be
   * @param isSummary whether to leave out the rows that were taken and have no warning
   */
  ImportReport(Streams streams, FormatOption format, boolean isDryRun, boolean isSummary) {
    this.streams = streams;
    this.asJson = format.isJson();
    this.isDryRun = isDryRun;
    this.isSummary = isSummary;
  }

  void print(ImportSource source, ImportLine line) {
    counts[line.result().ordinal()]++;
    boolean hasWarning = line.result().isTaken() && !line.warnings().isEmpty();
    warnings += hasWarning ? 1 : 0;
    if (!isSummary || hasWarning || !line.result().isTaken()) {
      streams.out().println(asJson ? JsonLine.of(object(source, line)) : text(source, line));
    }
  }

  private String text(ImportSource source, ImportLine line) {
    String rest = word(line.result());
    if (!line.result().isTaken() || !line.warnings().isEmpty()) {
      rest += "  " + source.name() + ", " + source.place(line.number());
    }
    rest += line.column().map(name -> ", " + Printable.escape(name)).orElse("");
    rest += line.message().map(message -> ": " + message).orElse("");
    if (line.result().isTaken() && !line.warnings().isEmpty()) {
      rest += ": warning: " + String.join("; ", line.warnings());
    }
    if (line.credential().isPresent()) {
      return StoreRow.of(line.credential().get(), rest);
    }
    return StoreRow.padded(line.endpoint().orElse(InspectView.NO_ENDPOINT))
        .append("(no key)")
        .append("  ")
        .append(rest)
        .toString();
  }

  private String word(ImportResult result) {
    return (isDryRun && result.isTaken() && result != ImportResult.UNCHANGED ? "would be " : "")
        + result.word();
  }

  private static ObjectNode object(ImportSource source, ImportLine line) {
    ObjectNode object =
        ReportJson.of(line.endpoint().orElse(null), line.credential())
            .put("outcome", line.result().word())
            .put("source", source.rawName())
            .put("line", line.number())
            .put("column", line.column().orElse(null))
            .put("reason", line.reason().orElse(null))
            .put("message", line.message().orElse(null));
    ArrayNode warnings = object.putArray("warnings");
    if (line.result().isTaken()) {
      line.warnings().forEach(warnings::add);
    }
    return object;
  }

  /** Prints the counts of a source. */
  void printEnd(ImportSource source, ImportEnd end) {
    sources++;
    isWhole &= end.isWhole();
    long[] own = ownCounts();
    if (asJson) {
      ObjectNode object = counts(JsonLine.object().put("source", source.rawName()), own);
      end.facts().accept(object);
      streams.out().println(JsonLine.of(object));
      return;
    }
    String text = end.text().isEmpty() ? "" : "; " + end.text();
    streams.out().println(source.name() + ": " + text(own) + text);
  }

  /** Prints the counts of a source that could not be read to its end, if it had any rows. */
  void printBroken(ImportSource source) {
    if (!Arrays.equals(counts, countsBefore)) {
      printEnd(
          source,
          new ImportEnd(true, "it cannot be read further", facts -> facts.put("broken", true)));
    }
  }

  /** Returns what was counted since it was called last. */
  private long[] ownCounts() {
    long[] own = new long[counts.length];
    Arrays.setAll(own, i -> counts[i] - countsBefore[i]);
    System.arraycopy(counts, 0, countsBefore, 0, counts.length);
    return own;
  }

  /** Prints the counts of all sources, and whether there is something to look at. */
  void printTotal() {
    if (asJson) {
      ObjectNode object = counts(JsonLine.object().put("sources", sources), counts);
      object.put("warnings", warnings).put("dryRun", isDryRun);
      streams.out().println(JsonLine.of(object));
    } else if (sources != 1 || isDryRun) {
      streams
          .out()
          .println("in all: " + text(counts) + (isDryRun ? " (dry run: nothing was changed)" : ""));
    }
    if (warnings > 0) {
      streams.warn(warnings + " of the devices have a key that does not protect them");
    }
  }

  private static ObjectNode counts(ObjectNode object, long[] counts) {
    for (ImportResult result : ImportResult.values()) {
      object.put(result.word(), counts[result.ordinal()]);
    }
    return object;
  }

  private static String text(long[] counts) {
    String text =
        Arrays.stream(ImportResult.values())
            .filter(result -> counts[result.ordinal()] > 0)
            .map(result -> counts[result.ordinal()] + " " + result.word())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "no devices" : text;
  }

  /** Returns whether all rows were taken, and none is missing. */
  boolean isClean() {
    return isWhole
        && Arrays.stream(ImportResult.values())
            .allMatch(result -> result.isTaken() || counts[result.ordinal()] == 0);
  }
}
