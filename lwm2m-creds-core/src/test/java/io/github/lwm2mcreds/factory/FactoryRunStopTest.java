// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.factory.FactoryException.Reason;
import io.github.lwm2mcreds.label.LabelSheet;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.FlashImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is on disk when a process is killed is what is there at that moment, before anything is
 * closed. So a run is copied at each step, and each copy resumed.
 */
class FactoryRunStopTest {
  private static final int DEVICES = 30;
  private static final int SEED_DIGITS = 64;

  @TempDir private Path work;

  private final Map<String, Map<String, byte[]>> stops = new LinkedHashMap<>();

  @BeforeEach
  void workIsEmpty() {
    assertThat(work).isEmptyDirectory();
  }

  private FactoryRun.Builder builder(String images, String labels) {
    return FactoryRun.builder()
        .devices("sensor-%d", 1, DEVICES)
        .board(Board.NRF52_BLENANO2)
        .images(work.resolve(images), FlashImage.Format.RAW)
        .labels(work.resolve(labels), LabelSheet.A4)
        .manifest(work.resolve("lot.csv"), ManifestFormat.CSV, "lot-1");
  }

  @ParameterizedTest
  @CsvSource({"images, labels.pdf", "lot.zip, labels.csv"})
  void resume_ofWhatIsOnDiskAtAnyStep_endsWithTheSameFiles(String images, String labels)
      throws IOException {
    FactoryReport report =
        builder(images, labels)
            .onStep(step -> stops.put(step, contents()))
            .onProgress(done -> stops.put("device " + done, contents()))
            .build()
            .run();
    Map<String, byte[]> whole = contents();
    assertThat(whole.keySet())
        .contains("lot.csv", labels)
        .noneMatch(name -> name.contains(".part"));
    assertThat(stops.keySet())
        .contains("device 1", "device " + DEVICES)
        .containsSubsequence(
            List.of("begun", "device 7", "images", "labels", "manifest", "closed", "result"))
        .endsWith("overwritten", "removed");

    for (Map.Entry<String, Map<String, byte[]>> stop : stops.entrySet()) {
      restore(stop.getValue());
      FactoryRun again = builder(images, labels).build();
      if (stop.getKey().equals("removed")) {
        assertThatExceptionOfType(FactoryException.class)
            .isThrownBy(again::resume)
            .matches(e -> e.reason() == Reason.NOTHING_TO_RESUME);
      } else {
        assertThatExceptionOfType(FactoryException.class)
            .isThrownBy(again::run)
            .matches(e -> e.reason() == Reason.UNFINISHED_RUN);
        assertThat(again.resume()).as(stop.getKey()).isEqualTo(report);
      }
      assertThat(contents()).as(stop.getKey()).containsExactlyInAnyOrderEntriesOf(whole);
    }
  }

  @Test
  void run_whenItsSeedIsOverwritten_hasAllFilesOnDisk() throws IOException {
    builder("lot.zip", "labels.csv").onStep(step -> stops.put(step, contents())).build().run();

    Map<String, byte[]> last = stops.get("overwritten");
    assertThat(last.keySet())
        .containsExactlyInAnyOrder("lot.zip", "labels.csv", "lot.csv", "lot.csv.run");
    assertThat(Arrays.copyOf(last.get("lot.csv.run"), SEED_DIGITS)).containsOnly(0);
    assertThat(Arrays.copyOf(stops.get("result").get("lot.csv.run"), SEED_DIGITS))
        .doesNotContain(0);
  }

  @Test
  void run_whenTheResultWasWrittenInPart_isResumed() throws IOException {
    FactoryReport report =
        builder("images", "labels.csv").onStep(step -> stops.put(step, contents())).build().run();
    Map<String, byte[]> whole = contents();
    Map<String, byte[]> stop = stops.get("result");
    byte[] state = stop.get("lot.csv.run");
    stop.put("lot.csv.run", Arrays.copyOf(state, state.length - 3));
    restore(stop);

    assertThat(builder("images", "labels.csv").build().resume()).isEqualTo(report);
    assertThat(contents()).containsExactlyInAnyOrderEntriesOf(whole);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 64, 65, 100})
  void run_stoppedBeforeItsStateWasWhole_isBegunAgain(int length) throws IOException {
    builder("images", "labels.csv").onStep(step -> stops.put(step, contents())).build().run();
    byte[] state = stops.get("begun").get("lot.csv.run");
    restore(Map.of("lot.csv.run", Arrays.copyOf(state, length)));

    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(builder("images", "labels.csv").build()::resume)
        .matches(e -> e.reason() == Reason.NOTHING_TO_RESUME);
    assertThat(builder("images", "labels.csv").build().run().devices()).isEqualTo(DEVICES);
    assertThat(work.resolve("lot.csv.run")).doesNotExist();
  }

  @Test
  void run_whereSomethingElseHasTheNameOfItsState_leavesItAlone() throws IOException {
    restore(Map.of("lot.csv.run", "mine".getBytes()));

    for (String labels : List.of("labels.csv", "labels.pdf")) {
      assertThatExceptionOfType(FactoryException.class)
          .isThrownBy(builder("images", labels).build()::run)
          .matches(e -> e.reason() == Reason.UNFINISHED_RUN);
      assertThatExceptionOfType(FactoryException.class)
          .isThrownBy(builder("images", labels).build()::resume)
          .matches(e -> e.reason() == Reason.OTHER_SETTINGS);
    }
    assertThat(contents()).hasSize(1);
    assertThat(work.resolve("lot.csv.run")).hasContent("mine");
  }

  @Test
  void run_whoseLabelsCannotBe_makesNothing() throws IOException {
    Files.writeString(work.resolve("there.pdf"), "mine");

    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(builder("images", "there.pdf").build()::run)
        .matches(e -> e.reason() == Reason.OUTPUT_EXISTS);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(builder("images", "labels.svg").build()::run)
        .withMessageContaining("24 labels: take .pdf");
    assertThat(contents().keySet()).containsExactly("there.pdf");
  }

  /** Returns the files below the folder. */
  private Map<String, byte[]> contents() {
    try (Stream<Path> all = Files.walk(work)) {
      return all.filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(
                  file -> work.relativize(file).toString().replace('\\', '/'),
                  FactoryRunStopTest::read,
                  (one, other) -> one,
                  TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void restore(Map<String, byte[]> files) throws IOException {
    for (String name : contents().keySet()) {
      Files.delete(work.resolve(name));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = work.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }
}
