// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that says which test covers which threat. */
class SecurityPageTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");
  private static final List<Path> SOURCES =
      List.of(Path.of("src/test/java"), Path.of("../lwm2m-creds-core/src/test/java"));

  @Test
  void everyTestThatThePageNames_isThere() throws IOException {
    String page = Files.readString(Path.of("../SECURITY.md"));
    List<MatchResult> named = TEST.matcher(page).results().toList();
    assertThat(named).hasSizeGreaterThan(30);

    Set<String> missing = new TreeSet<>();
    for (MatchResult test : named) {
      if (sources(test.group(1)).noneMatch(source -> hasMethod(source, test.group(2)))) {
        missing.add(test.group());
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyThreat_hasATest() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../SECURITY.md")).stream()
            .filter(line -> line.matches("\\| [a-z-]+ \\| .*"))
            .filter(line -> !line.startsWith("| where |"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(10).allMatch(row -> TEST.matcher(row).find());
  }

  private static Stream<Path> sources(String className) {
    return SOURCES.stream()
        .flatMap(
            folder -> {
              try (Stream<Path> files = Files.walk(folder)) {
                return files.filter(file -> file.endsWith(className + ".java")).toList().stream();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static boolean hasMethod(Path source, String method) {
    try {
      return Files.readString(source).contains("void " + method + "(");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
