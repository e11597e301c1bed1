// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.Hostile;
import io.github.lwm2mcreds.KeyPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests that may be anything: a row that is read can be written and read back. */
@Timeout(Hostile.SECONDS)
class ManifestFuzzTest {
  static Stream<byte[]> manifests() throws IOException {
    List<ManifestRow> rows = TestManifests.example();
    List<byte[]> written = new ArrayList<>();
    for (ManifestFormat format : ManifestFormat.values()) {
      ManifestWriter.Builder builder = ManifestWriter.builder(format).columns("board", "site");
      written.add(TestManifests.write(builder, rows));
      written.add(TestManifests.write(builder.lot("2026-48/8"), rows));
    }
    return Stream.concat(written.stream(), others());
  }

  private static Stream<byte[]> others() {
    return Stream.of(
            "\ufeffEndpoint,PSK\r\n\"=a\"\"\n\",\"" + TestManifests.KEY_1 + "\"\r\n'+b,x\n",
            "{\"endpoint\":\"\\ud83d\\ude00\\udc80\",\"psk\":\""
                + TestManifests.KEY_2
                + "\",\"n\":-1.5e3,\"t\":true,\"z\":null}\n{\n[")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("manifests")
  @FuzzTest
  void manifest_anyBytes_isReadOrRefused(byte[] text) throws Exception {
    Optional<TestManifests.Found> found =
        Hostile.decode(
            text.length,
            () ->
                TestManifests.all(
                    ManifestReader.of(new ByteArrayInputStream(text), KeyPolicy.allowingAnyKey())),
            ManifestException.class);
    if (found.isPresent() && !found.get().rows().isEmpty()) {
      found.get().problems().forEach(problem -> Hostile.requireHarmless(problem.message()));
      for (ManifestFormat format : ManifestFormat.values()) {
        rewrite(format, found.get());
      }
    }
  }

  private static void rewrite(ManifestFormat format, TestManifests.Found found) throws IOException {
    Set<String> columns = new LinkedHashSet<>();
    found.rows().forEach(row -> columns.addAll(row.columns().keySet()));
    ManifestWriter.Builder builder;
    try {
      builder = ManifestWriter.builder(format).columns(columns.toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      return; // rows of NDJSON may have more columns than one header has room for
    }
    List<ManifestRow> again = new ArrayList<>();
    try (ManifestReader reader =
        ManifestReader.of(
            new ByteArrayInputStream(TestManifests.write(builder, found.rows())),
            KeyPolicy.allowingAnyKey())) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        again.add((ManifestRow) next.get());
      }
    }
    assertThat(again).isEqualTo(found.rows());
  }

  @MethodSource("manifests")
  @FuzzTest
  void list_anyBytes_isReadOrRefused(byte[] text) throws Exception {
    Hostile.decode(
        text.length,
        () ->
            TestManifests.all(
                ManifestReader.ofList(new ByteArrayInputStream(text), KeyPolicy.strict())),
        ManifestException.class);
  }

  @MethodSource("manifests")
  @FuzzTest
  void table_anyBytes_isReadOrRefused(byte[] text) throws Exception {
    Hostile.decode(
        text.length,
        () -> {
          try (CsvTable table = CsvTable.of(new ByteArrayInputStream(text))) {
            while (table.next()) {
              table.problem().ifPresent(problem -> Hostile.requireHarmless(problem.message()));
            }
            return table.line();
          }
        },
        ManifestException.class);
  }

  static Stream<byte[]> receipts() {
    String head =
        "{\"receipt\":\"8\",\"count\":1,\"sha256\":\""
            + "0f".repeat(32)
            + "\",\"time\":\"2026-11-22T00:00:00Z\",\"taken\":0,\"notTaken\":1}\n";
    return Stream.of(
        (head + "{\"line\":2,\"endpoint\":\"e\",\"reason\":\"WEAK_KEY\",\"message\":\"m\"}\n")
            .getBytes(UTF_8));
  }

  @MethodSource("receipts")
  @FuzzTest
  void receipt_anyBytes_isReadOrRefused(byte[] text) throws Exception {
    Hostile.decode(
        text.length,
        () -> ReceiptText.read(new ByteArrayInputStream(text)),
        ManifestException.class);
  }
}
