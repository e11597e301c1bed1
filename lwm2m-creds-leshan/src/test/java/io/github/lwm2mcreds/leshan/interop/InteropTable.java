// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table in Markdown: a column for each peer, a row for each case, and below it the reasons, by
 * number.
 */
final class InteropTable {
  private static final String EMPTY = "not tried";

  private final List<String> labels;
  private final Map<String, InteropColumn> columns = new LinkedHashMap<>();

  InteropTable(List<String> labels) {
    this.labels = labels;
  }

  void add(String peer, InteropColumn column) {
    columns.put(peer, column);
  }

  /** Returns the table, of which each line ends with a line's end. */
  String text() {
    List<String> reasons = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    text.append(row("", new ArrayList<>(columns.keySet())));
    text.append("|---".repeat(columns.size() + 1)).append("|\n");
    text.append(row("version", columns.values().stream().map(InteropColumn::version).toList()));
    for (String label : labels) {
      List<String> cells =
          columns.values().stream()
              .map(column -> column.outcome(label))
              .map(outcome -> outcome.map(o -> cell(o, reasons)).orElse(EMPTY))
              .toList();
      text.append(row(label, cells));
    }
    text.append(reasons.isEmpty() ? "" : "\n");
    for (int i = 0; i < reasons.size(); i++) {
      text.append(i + 1).append(". ").append(reasons.get(i)).append('\n');
    }
    return text.toString();
  }

  private static String row(String first, List<String> cells) {
    return "| " + first + " | " + String.join(" | ", cells) + " |\n";
  }

  private static String cell(Outcome outcome, List<String> reasons) {
    if (outcome.why().isEmpty()) {
      return outcome.kind().word();
    }
    if (!reasons.contains(outcome.why())) {
      reasons.add(outcome.why());
    }
    return outcome.kind().word() + " [" + (reasons.indexOf(outcome.why()) + 1) + "]";
  }

  /** Finds what a written table says; nothing if there is no such cell. */
  static Optional<String> find(String table, String peer, String label) {
    List<String> lines = table.lines().toList();
    int column = cells(lines.get(0)).indexOf(peer);
    if (column < 1) {
      return Optional.empty();
    }
    return lines.stream()
        .map(InteropTable::cells)
        .filter(cells -> cells.get(0).equals(label) && cells.size() > column)
        .findFirst()
        .map(cells -> cells.get(column))
        .map(cell -> withReason(cell, lines));
  }

  private static List<String> cells(String line) {
    return line.startsWith("|")
        ? Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList()
        : List.of("");
  }

  private static String withReason(String cell, List<String> lines) {
    int at = cell.indexOf(" [");
    if (at < 0) {
      return cell;
    }
    String number = cell.substring(at + 2, cell.length() - 1) + ". ";
    return lines.stream()
        .filter(line -> line.startsWith(number))
        .findFirst()
        .map(line -> cell.substring(0, at) + ": " + line.substring(number.length()))
        .orElse(cell);
  }
}
