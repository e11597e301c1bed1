// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRandomTest {
  @TempDir Path folder;

  @Test
  void health_ofThisMachine_passesAndNamesSourceAndGenerator() {
    RandomHealth health = KeyRandom.health();
    assertThat(health.failure()).isEmpty();
    assertThat(health.samples()).isEqualTo(2048);
    assertThat(health.longestRun()).isBetween(1, 5);
    assertThat(health.mostInWindow()).isBetween(1, health.proportionCutoff() - 1);
    assertThat(health.source()).contains("SUN");
    assertThat(health.generator()).contains("DRBG", "256");
    assertThat(KeyRandom.health()).as("tested once").isSameAs(health);
  }

  @Test
  void fill_twice_differs() {
    byte[] first = new byte[32];
    byte[] second = new byte[32];
    KeyRandom.fill(first);
    KeyRandom.fill(second);
    assertThat(first).isNotEqualTo(second).isNotEqualTo(new byte[32]);
  }

  @Test
  void test_sourceThatGivesTheSameTwice_fails() {
    byte[] same = new byte[1024];
    new Random(1).nextBytes(same);
    RandomHealth health = new SeedSource("replay", length -> same).test(new SecureRandom());
    assertThatExceptionOfType(RandomSourceException.class)
        .isThrownBy(() -> KeyRandom.requireHealthy(health))
        .withMessageContainingAll("no key is made", "replay", "period test", "start again")
        .withMessageNotContaining(HexFormat.of().formatHex(same, 0, 4));
  }

  @Test
  void test_sourceThatCannotBeRead_fails() {
    SeedSource gone =
        new SeedSource(
            "gone",
            length -> {
              throw new InternalError("SECRET");
            });
    assertThat(gone.test(new SecureRandom()).failure().orElseThrow())
        .isEqualTo("it cannot be read (InternalError)");
  }

  @ParameterizedTest
  @CsvSource({
    "5.6.0, false",
    "5.5.19, true",
    "4.18.0-553.el8_10.x86_64, true",
    "6.1.0-18-amd64, false",
    "what, false"
  })
  @DisabledOnOs({OS.WINDOWS, OS.MAC})
  void isOldKernel_isBefore5_6(String version, boolean isOld) {
    assertThat(SeedSource.isOldKernel(version)).isEqualTo(isOld);
  }

  /** What makes keys, by the name that a child process is given. */
  public static void main(String[] args) throws Exception {
    Callable<?> maker =
        switch (args[0]) {
          case "generator" -> () -> CredentialGenerator.of("urn:uuid:").next();
          case "keyFile" ->
              () -> {
                JdbcCredentialStore.sqlite(Path.of(args[1])).create().close();
                return null;
              };
          case "server" -> () -> new ScandiumPskStore(new InMemoryCredentialStore());
          default -> throw new IllegalArgumentException(args[0]);
        };
    try {
      maker.call();
      System.out.println("made");
    } catch (RandomSourceException e) {
      System.out.println(e.getMessage());
    }
  }

  /** The JDK reads its seeds from any file, as it would from a device that is replaced by one. */
  @ParameterizedTest
  @ValueSource(strings = {"generator", "keyFile", "server"})
  @DisabledOnOs(OS.WINDOWS)
  void stuckSource_ofAWholeProcess_stopsAllThatMakesKeys(String maker) throws Exception {
    Path stuck = Files.write(folder.resolve("stuck"), new byte[1 << 16]);
    Path store = folder.resolve("fleet.db");

    String output = child("file:" + stuck, maker, store.toString());

    assertThat(output)
        .contains("no key is made")
        .contains(stuck.toString())
        .contains("repetition count test (SP 800-90B 4.4.1)")
        .doesNotContain("made\n");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).as("no key file").noneMatch(file -> file.toString().endsWith(".key"));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void goodSource_ofAWholeProcess_makesKeys() throws Exception {
    assertThat(child("file:/dev/urandom", "generator", "")).isEqualTo("made\n");
  }

  private static String child(String source, String... args)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.security.egd=" + source,
                "-cp",
                System.getProperty("java.class.path"),
                KeyRandomTest.class.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output;
  }
}
