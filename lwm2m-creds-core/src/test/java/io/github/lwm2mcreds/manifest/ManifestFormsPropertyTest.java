// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Laws of both formats, over manifests that were not written here, are of any size, or come in any
 * pieces.
 */
class ManifestFormsPropertyTest {
  private static final List<String> COLUMNS = ManifestPropertyTest.COLUMNS;

  @Provide
  static Arbitrary<List<ManifestRow>> rows() {
    return ManifestPropertyTest.rows();
  }

  private static ManifestWriter.Builder builder(ManifestFormat format) {
    return ManifestWriter.builder(format).columns(COLUMNS.toArray(String[]::new));
  }

  /** Reads a manifest of which no more than some bytes come at a time. */
  private static TestManifests.Found read(byte[] manifest, int piece) throws IOException {
    return TestManifests.all(
        ManifestReader.of(
            new FilterInputStream(new ByteArrayInputStream(manifest)) {
              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(length, piece));
              }
            },
            KeyPolicy.allowingAnyKey()));
  }

  @Property(tries = 300)
  void anotherWritersManifest_hasTheSameRowsAndDigest(
      @ForAll("rows") List<ManifestRow> rows,
      @ForAll ManifestFormat format,
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 300) int piece)
      throws IOException {
    Lot lot;
    try (ManifestWriter writer = builder(format).lot("L-1").to(new ByteArrayOutputStream())) {
      for (ManifestRow row : rows) {
        writer.write(row);
      }
      lot = writer.finish().orElseThrow();
    }

    TestManifests.Found found = read(OtherWriters.write(format, COLUMNS, rows, lot, random), piece);

    assertThat(found.entries()).isEqualTo(rows);
    assertThat(found.summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
  }

  @Property(tries = 100)
  void manifestWithoutALot_isReadAgain(
      @ForAll("rows") List<ManifestRow> rows, @ForAll ManifestFormat format) throws IOException {
    byte[] manifest = TestManifests.write(builder(format), rows);
    if (manifest.length == 0) {
      return; // NDJSON without rows is an empty file, which is refused as one that was cut
    }

    TestManifests.Found found = read(manifest, 100);

    assertThat(found.entries()).isEqualTo(rows);
    assertThat(found.summary().lotCheck()).isEqualTo(LotCheck.NO_LOT);
  }

  @Provide
  static Arbitrary<List<ManifestRow>> longRows() {
    Arbitrary<String> pieces = ManifestPropertyTest.text(5).filter(piece -> !piece.isEmpty());
    return pieces
        .flatMap(
            piece ->
                Arbitraries.integers()
                    .between(0, 60_000 / (6 * piece.length())) // as many bytes as escapes take
                    .map(
                        times ->
                            TestManifests.row("a", TestManifests.KEY_1)
                                .with("note", piece.repeat(times))))
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  @Property(tries = 60)
  void longRows_inPiecesOfAnySize_areReadAgain(
      @ForAll("longRows") List<ManifestRow> rows,
      @ForAll ManifestFormat format,
      @ForAll @IntRange(min = 10, max = 300_000) int piece)
      throws IOException {
    TestManifests.Found found = read(TestManifests.write(builder(format).lot("L-1"), rows), piece);

    assertThat(found.entries()).isEqualTo(rows);
    assertThat(found.summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
  }

  /** Lines that no reader takes for a device; without quotes, which may hold a line end. */
  @Provide
  static Arbitrary<String> noise() {
    return Arbitraries.strings()
        .withCharRange('\0', '\u00ff')
        .excludeChars('"', '\n', '\r')
        .ofMinLength(1)
        .ofMaxLength(200)
        .filter(text -> !text.isBlank())
        .map(text -> text + "\n");
  }

  @Property(tries = 300)
  void lineOfNoise_betweenRows_isReportedAndLosesNone(
      @ForAll("rows") List<ManifestRow> rows,
      @ForAll ManifestFormat format,
      @ForAll("noise") String noise,
      @ForAll @IntRange(max = 8) int place)
      throws IOException {
    int before = Math.min(place, rows.size());
    byte[] head = TestManifests.write(builder(format), rows.subList(0, before));
    byte[] whole = TestManifests.write(builder(format), rows);
    if (format == ManifestFormat.NDJSON && before == 0) {
      return; // what it begins with decides which format it is
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(whole, 0, head.length);
    all.writeBytes(noise.getBytes(ISO_8859_1));
    all.write(whole, head.length, whole.length - head.length);

    TestManifests.Found found = read(all.toByteArray(), 50);

    assertThat(found.rows()).isEqualTo(rows);
    assertThat(found.problems()).hasSize(1);
    assertThat(found.problems().get(0).message().getBytes(UTF_8)).doesNotContain((byte) '\n');
    List<ManifestEntry> entries = new ArrayList<>(rows);
    entries.add(before, found.problems().get(0));
    assertThat(found.entries()).isEqualTo(entries);
  }
}
