// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();

  @TempDir private Path project;

  @Test
  void report_ofCheckedInResults_givesCheckedInTables() throws IOException {
    Path folder = Files.createDirectories(project.resolve("benchmarks"));
    Path results = Files.createDirectories(folder.resolve("results"));
    try (Stream<Path> files = Files.list(MODULE.resolve("results"))) {
      for (Path file : files.toList()) {
        Files.copy(file, results.resolve(file.getFileName()));
      }
    }
    emptied(MODULE.resolve("README.md"), folder.resolve("README.md"));
    emptied(MODULE.resolve("../README.md"), project.resolve("README.md"));

    Report.fillTables(folder);

    assertThat(folder.resolve("README.md")).hasSameTextualContentAs(MODULE.resolve("README.md"));
    assertThat(project.resolve("README.md"))
        .hasSameTextualContentAs(MODULE.resolve("../README.md"));
  }

  /** Copies a file without its tables. */
  private static void emptied(Path file, Path copy) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> markers = lines.stream().filter(line -> line.matches("<!-- [a-z].* -->")).toList();
    Files.write(copy, lines);
    ReadmeTables tables = new ReadmeTables(copy);
    for (String marker : markers) {
      String name = marker.substring(5, marker.length() - 4);
      if (!name.equals("end")) {
        tables.fill(name, Stream.of("empty"));
      }
    }
    tables.write();
  }
}
