// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.FlashImage.Format;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactoryRunTest {
  private static final String KEY = "3f9a1c77e05b42d8a6c4119e8d02b75f";

  private final List<DeviceProblem> problems = new ArrayList<>();

  @TempDir private Path folder;

  private FactoryRun.Builder builder(String images, Format format) {
    return FactoryRun.builder()
        .board(Board.NRF52_BLENANO2)
        .images(folder.resolve(images), format)
        .manifest(folder.resolve("lot.csv"), ManifestFormat.CSV, "lot-1")
        .onProblem(problems::add);
  }

  private Path list(String text) throws IOException {
    return Files.writeString(folder.resolve("devices.csv"), text);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void run_toZip_hasAnImageOfEachDeviceInTheManifest(Format format) throws IOException {
    FactoryReport report =
        builder("lot.zip", format).devices("sensor-%08x", 0xfff0, 70_000).build().run();

    assertThat(report.devices()).isEqualTo(70_000);
    assertThat(report.lot().count()).isEqualTo(70_000);
    Map<String, DeviceCredential> rows = manifest();
    assertThat(rows).hasSize(70_000);
    try (ZipFile zip = new ZipFile(folder.resolve("lot.zip").toFile())) {
      assertThat(zip.size()).isEqualTo(70_000);
      for (Map.Entry<String, DeviceCredential> row : rows.entrySet()) {
        String name = row.getKey() + (format == Format.HEX ? ".hex" : ".bin");
        try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
          assertThat(credential(in.readAllBytes())).isEqualTo(row.getValue());
        }
      }
    }
    assertThat(names()).containsExactlyInAnyOrder("lot.csv", "lot.zip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"images", "lot.zip"})
  void resume_afterStopAnywhere_makesTheSameKeysAgain(String images) throws IOException {
    List<DeviceCredential> made = new ArrayList<>();
    for (int stop : List.of(1, 7, 20)) {
      FactoryRun run =
          builder(images, Format.HEX)
              .devices("sensor-%d", 1, 20)
              .onProgress(done -> stopAt(stop, done))
              .build();
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(stop == 1 ? run::run : run::resume);
      assertThat(Files.exists(folder.resolve("lot.csv"))).isFalse();
      if (!images.endsWith(".zip")) {
        made.add(credential(Files.readAllBytes(folder.resolve(images).resolve("sensor-1.hex"))));
      }
    }
    assertThat(builder(images, Format.HEX).devices("sensor-%d", 1, 20).build().resume().devices())
        .isEqualTo(20);

    assertThat(manifest()).hasSize(20);
    assertThat(made).allMatch(manifest().get("sensor-1")::equals);
    assertThat(names()).containsExactlyInAnyOrder("lot.csv", images);
  }

  private static void stopAt(long stop, long done) {
    if (done == stop) {
      throw new IllegalStateException("stopped");
    }
  }

  @Test
  void resume_withOtherSettings_isRefused() {
    FactoryRun run =
        builder("images", Format.RAW)
            .devices("sensor-%d", 1, 20)
            .onProgress(done -> stopAt(3, done))
            .build();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(run::run);

    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(builder("images", Format.RAW).devices("sensor-%d", 1, 21).build()::resume)
        .withMessageContaining("20 devices")
        .withMessageContaining("21 devices");
    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(builder("images", Format.RAW).devices("sensor-%d", 1, 20).build()::run)
        .matches(e -> e.reason() == FactoryException.Reason.UNFINISHED_RUN);
  }

  @Test
  void run_devicesThatTheirStackDoesNotTake_areProblems_andNothingIsMade() throws IOException {
    Path list = list("endpoint,psk\nsixteen-letters-,\nseventeen-letters,\n");
    FactoryRun run =
        builder("images", Format.RAW)
            .devices(list, KeyPolicy.strict())
            .deviceProfile(DeviceProfile.zephyr(16))
            .build();

    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(run::run)
        .matches(e -> e.reason() == FactoryException.Reason.BAD_DEVICES);
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(DeviceProblem.Reason.UNSUITABLE);
              assertThat(problem.line()).isEqualTo(3);
              assertThat(problem.message())
                  .contains("zephyr:16", "at most 16 bytes", "this one has 17");
            });
    assertThat(names()).containsExactly("devices.csv");
  }

  @Test
  void resume_ofCompleteRun_isRefused() throws IOException {
    FactoryRun run = builder("images", Format.RAW).devices("urn:uuid:", 0, 1).build();

    assertThatExceptionOfType(FactoryException.class).isThrownBy(run::run);
    assertThat(problems)
        .extracting(DeviceProblem::reason)
        .containsExactly(DeviceProblem.Reason.UNSUITABLE); // 45 characters
    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(run::resume)
        .matches(e -> e.reason() == FactoryException.Reason.BAD_DEVICES);
    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(builder("images", Format.RAW).devices("s-%d", 0, 1).build()::resume)
        .matches(e -> e.reason() == FactoryException.Reason.NOTHING_TO_RESUME);
  }

  @Test
  void run_ofList_keepsGivenKeysAndColumns() throws IOException {
    Path list = list("endpoint,psk,board,site\na," + KEY + ",,Jülich\nb c,,reel_board,\n.d,,,x\n");

    builder("images", Format.HEX).devices(list, KeyPolicy.strict()).build().run();

    assertThat(HexFormat.of().formatHex(manifest().get("a").psk().exposeBytes())).isEqualTo(KEY);
    assertThat(Files.readString(folder.resolve("lot.csv")))
        .contains("nrf52_blenano2")
        .contains("Jülich");
    try (Stream<Path> images = Files.list(folder.resolve("images"))) {
      assertThat(images.map(image -> image.getFileName().toString()))
          .containsExactlyInAnyOrder("a.hex", "b%20c.hex", "%2Ed.hex");
    }
    assertThat(Files.readString(folder.resolve("images/b%20c.hex"))).startsWith(":02000004000FEB");
  }

  @Test
  void run_ofListWithProblems_reportsAllAndMakesNothing() throws IOException {
    Path list =
        list(
            "endpoint,psk,board\n"
                + ("a," + KEY + ",\n")
                + "a,,\n"
                + ("b," + KEY + ",\n")
                + "c,000102030405060708090a0b0c0d0e0f,\n"
                + "d,,no_board\n"
                + "e,aabb,\n"
                + "a-name-of-more-than-thirty-two-chars,,\n");

    FactoryRun run = builder("images", Format.RAW).devices(list, KeyPolicy.strict()).build();

    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(run::run)
        .matches(e -> e.reason() == FactoryException.Reason.BAD_DEVICES);
    assertThat(problems).extracting(DeviceProblem::line).containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(problems).noneMatch(problem -> problem.message().contains(KEY));
    assertThat(names()).containsExactly("devices.csv");
  }

  @Test
  void run_againstStore_refusesItsEndpointsAndKeys() throws IOException {
    InMemoryCredentialStore store = new InMemoryCredentialStore();
    store.add(DeviceCredential.of("sensor-5", PreSharedKey.copyOf(HexFormat.of().parseHex(KEY))));

    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(
            builder("images", Format.RAW)
                    .devices("sensor-%d", 1, 9)
                    .against(Fleet.of(store))
                    .build()
                ::run);
    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(
            builder("images", Format.RAW)
                    .devices(list("endpoint,psk\nx," + KEY + "\n"), KeyPolicy.strict())
                    .against(Fleet.of(store))
                    .build()
                ::run);
    assertThat(problems)
        .extracting(DeviceProblem::reason)
        .containsExactly(DeviceProblem.Reason.TAKEN_ENDPOINT, DeviceProblem.Reason.TAKEN_KEY);
  }

  @Test
  void run_whereSomethingIs_leavesItAlone() throws IOException {
    Files.createDirectory(folder.resolve("images"));
    Files.writeString(folder.resolve("images/mine"), "");

    assertThatExceptionOfType(FactoryException.class)
        .isThrownBy(builder("images", Format.RAW).devices("s-%d", 0, 1).build()::run)
        .matches(e -> e.reason() == FactoryException.Reason.OUTPUT_EXISTS);
    assertThat(names()).containsExactly("images");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static DeviceCredential credential(byte[] image) {
    try {
      return CredentialPartition.decode(FlashImage.decode(image, Board.NRF52_BLENANO2.location()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Map<String, DeviceCredential> manifest() throws IOException {
    Map<String, DeviceCredential> rows = new LinkedHashMap<>();
    try (ManifestReader reader =
        ManifestReader.open(folder.resolve("lot.csv"), KeyPolicy.strict())) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        DeviceCredential row = ((ManifestRow) next.get()).credential().orElseThrow();
        assertThat(rows.put(row.endpoint(), row)).isNull();
      }
      assertThat(reader.summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
    }
    return rows;
  }
}
