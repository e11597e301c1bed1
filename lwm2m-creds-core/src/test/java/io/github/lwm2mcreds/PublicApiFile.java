// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The file of a module that holds its public API, so that no change of it goes unseen. */
public final class PublicApiFile {
  private static final String WRITE = "lwm2mcreds.api.write";

  private PublicApiFile() {}

  /** Fails unless the file says what the module of a class shows; writes it if told to. */
  public static void check(Class<?> any) throws Exception {
    check(
        Path.of("src", "test", "resources", "public-api.txt"),
        PublicApi.of(any),
        Boolean.getBoolean(WRITE));
  }

  static void check(Path file, List<String> api, boolean write) throws IOException {
    if (write) {
      Files.write(file, api);
      return;
    }
    List<String> known = Files.exists(file) ? Files.readAllLines(file) : List.of();
    if (!known.equals(api)) {
      fail(
          "the public API is not what "
              + file
              + " says:\n"
              + String.join("\n", difference(known, api))
              + "\nIf that is meant, write the file anew and commit it:\n  mvn test"
              + " -Dtest=PublicApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dtest.jvm.args=-D"
              + WRITE
              + "=true");
    }
  }

  /** Returns what went and what came, each member after its type. */
  private static List<String> difference(List<String> known, List<String> api) {
    List<String> before = withTypes(known);
    List<String> after = withTypes(api);
    List<String> difference = new ArrayList<>();
    before.stream().filter(line -> !after.contains(line)).forEach(l -> difference.add("- " + l));
    after.stream().filter(line -> !before.contains(line)).forEach(l -> difference.add("+ " + l));
    return difference.isEmpty() ? List.of("(the same in another order)") : difference;
  }

  private static List<String> withTypes(List<String> lines) {
    List<String> whole = new ArrayList<>();
    String type = "";
    for (String line : lines) {
      if (line.startsWith("  ")) {
        whole.add(type + ": " + line.strip());
      } else {
        type = line;
        whole.add(line);
      }
    }
    return whole;
  }
}
