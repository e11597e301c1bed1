// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Markdown file with tables between lines {@code <!-- name -->} and {@code <!-- end -->}, which
 * are replaced.
 */
final class ReadmeTables {
  private static final String END = "<!-- end -->";

  private final Path file;
  private List<String> lines;

  ReadmeTables(Path file) throws IOException {
    this.file = file;
    this.lines = Files.readAllLines(file);
  }

  void fill(String name, Stream<String> table) {
    String begin = "<!-- " + name + " -->";
    List<String> filled = new ArrayList<>();
    boolean inside = false;
    for (String line : lines) {
      inside &= !line.equals(END);
      if (!inside) {
        filled.add(line);
      }
      if (line.equals(begin)) {
        inside = true;
        filled.add("");
        table.forEach(filled::add);
        filled.add("");
      }
    }
    lines = filled;
  }

  void write() throws IOException {
    Files.write(file, lines);
  }
}
