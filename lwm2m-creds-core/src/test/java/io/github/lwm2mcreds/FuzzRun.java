// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Fuzzes a decoder in a JVM of its own, guided by what its inputs reach, as Jazzer can do only once
 * in a JVM. Inputs that reach something new are kept in {@code target/fuzz}, and used again.
 */
public final class FuzzRun {
  private static final String SECONDS = "lwm2mcreds.fuzzSeconds";
  private static final Path FOLDER = Path.of("target", "fuzz").toAbsolutePath();

  /** What libFuzzer prints at its end. */
  private static final Pattern DONE =
      Pattern.compile("(?m)^#(\\d+)\\s+DONE\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/");

  private final Method target;
  private final Path folder;

  private FuzzRun(Method target) {
    this.target = target;
    this.folder = FOLDER.resolve(target.getDeclaringClass().getName()).resolve(target.getName());
  }

  /**
   * Returns a test for every decoder of a module, which takes the property's number of seconds.
   *
   * @param tests a class among the module's tests
   */
  public static Stream<DynamicTest> all(Class<?> tests) throws Exception {
    Path root = Path.of(tests.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> classes =
          files.filter(file -> file.toString().endsWith("FuzzTest.class")).sorted().toList();
      return classes.stream()
          .flatMap(file -> targets(root.relativize(file).toString()))
          .map(FuzzRun::new)
          .filter(run -> seconds() > 0)
          .map(run -> DynamicTest.dynamicTest(run.name(), run::run));
    }
  }

  private static int seconds() {
    return Integer.getInteger(SECONDS, 0);
  }

  private static Stream<Method> targets(String file) {
    String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
    try {
      return Arrays.stream(Class.forName(name).getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(FuzzTest.class))
          .sorted(Comparator.comparing(Method::getName));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private String name() {
    return target.getDeclaringClass().getSimpleName() + "." + target.getName();
  }

  private void run() throws IOException, InterruptedException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Path log = folder.resolve("log");
    int code =
        new ProcessBuilder(command(corpus))
            .directory(folder.toFile()) // where a finding is written
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    String text = Files.readString(log, UTF_8);
    assertThat(code)
        .as(
            () ->
                "an input in "
                    + folder
                    + " was found: "
                    + text.substring(Math.max(0, text.indexOf("== Java Exception"))))
        .isZero();
    Matcher done = DONE.matcher(text);
    assertThat(done.find()).as(() -> log + " says how it ended").isTrue();
    note(done);
  }

  private List<String> command(Path corpus) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        // The second compiler takes longer than a short run.
        "-XX:TieredStopAtLevel=" + (seconds() < 30 ? 1 : 4),
        "-XX:+EnableDynamicAgentLoading",
        "-cp",
        System.getProperty("java.class.path"),
        Jazzer.class.getName(),
        "--target_class=" + target.getDeclaringClass().getName(),
        "--target_method=" + target.getName(),
        "--instrument=io.github.lwm2mcreds.**",
        "-max_total_time=" + seconds(),
        "-timeout=20",
        corpus.toString());
  }

  /** Notes what was done, a line of a table for FUZZING.md. */
  private void note(Matcher done) throws IOException {
    String line =
        String.format(
            Locale.ROOT,
            "| %s | %,d | %s | %s |%n",
            name(),
            Long.parseLong(done.group(1)),
            done.group(2),
            done.group(4));
    Files.writeString(
        FOLDER.resolve("figures.md"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
