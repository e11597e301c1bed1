// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Laws of both formats, over texts with quotes, line ends, commas and all of Unicode. */
class ManifestPropertyTest {
  static final List<String> COLUMNS = List.of("board", "note", "\u00e9,\"\n x");

  /** Text in which what CSV and JSON treat specially is frequent. */
  static Arbitrary<String> text(int max) {
    Arbitrary<Character> special =
        Arbitraries.of(
            '"', ',', ';', '\n', '\r', '\\', '#', ' ', '\t', '\0', '{', '\ufeff', '\u0085',
            '\u2028');
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            special.map(String::valueOf),
            Arbitraries.chars().range(' ', '~').map(String::valueOf),
            Arbitraries.integers()
                .between(0x80, 0x10ffff)
                .filter(c -> c < 0xd800 || c > 0xdfff)
                .map(Character::toString));
    return piece.list().ofMaxSize(max).map(pieces -> String.join("", pieces));
  }

  private static boolean isEndpoint(String text) {
    return !text.isEmpty()
        && text.codePoints().noneMatch(Character::isISOControl)
        && text.getBytes(UTF_8).length <= DeviceCredential.MAX_ENDPOINT_LENGTH;
  }

  @Provide
  static Arbitrary<List<ManifestRow>> rows() {
    Arbitrary<byte[]> identity =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(20),
            text(20).map(t -> t.getBytes(UTF_8)).filter(b -> b.length > 0 && b.length <= 128));
    Arbitrary<byte[]> key = Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(64);
    Arbitrary<DeviceCredential> credential =
        Combinators.combine(text(12).filter(ManifestPropertyTest::isEndpoint), identity, key)
            .as(
                (e, i, k) ->
                    DeviceCredential.of(e, PskIdentity.ofBytes(i), PreSharedKey.copyOf(k)));
    Arbitrary<Map<String, String>> columns =
        Arbitraries.maps(Arbitraries.of(COLUMNS), text(20)).ofMaxSize(3);
    return Combinators.combine(credential, columns)
        .as(ManifestPropertyTest::row)
        .list()
        .ofMaxSize(8);
  }

  private static ManifestRow row(DeviceCredential credential, Map<String, String> columns) {
    ManifestRow row = ManifestRow.of(credential);
    for (Map.Entry<String, String> column : columns.entrySet()) {
      row = row.with(column.getKey(), column.getValue());
    }
    return row;
  }

  private static ManifestWriter.Builder builder(ManifestFormat format) {
    return ManifestWriter.builder(format).columns(COLUMNS.toArray(String[]::new)).lot("L-1");
  }

  private static TestManifests.Found read(byte[] manifest) throws IOException {
    return TestManifests.all(
        ManifestReader.of(new ByteArrayInputStream(manifest), KeyPolicy.allowingAnyKey()));
  }

  @Property(tries = 300)
  void writtenRows_areReadAgain_andTheLotMatches(
      @ForAll("rows") List<ManifestRow> rows, @ForAll ManifestFormat format) throws IOException {
    TestManifests.Found found = read(TestManifests.write(builder(format), rows));

    assertThat(found.entries()).isEqualTo(rows);
    assertThat(found.summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
  }

  @Property(tries = 100)
  void bothFormats_ofTheSameRows_haveOneDigest(@ForAll("rows") List<ManifestRow> rows)
      throws IOException {
    assertThat(read(TestManifests.write(builder(ManifestFormat.CSV), rows)).summary().found())
        .isEqualTo(
            read(TestManifests.write(builder(ManifestFormat.NDJSON), rows)).summary().found());
  }

  @Property(tries = 300)
  void anyBytes_areReadToTheEndOrRefusedAsAWhole(
      @ForAll @Size(max = 300) byte[] bytes, @ForAll ManifestFormat format) throws IOException {
    byte[] begin =
        (format == ManifestFormat.CSV ? "endpoint,psk,manifestLot\n" : "{\"endpoint\":\"a\"")
            .getBytes(UTF_8);
    byte[] all = Arrays.copyOf(begin, begin.length + bytes.length);
    System.arraycopy(bytes, 0, all, begin.length, bytes.length);

    read(all);
    try {
      read(bytes);
    } catch (ManifestException e) {
      assertThat(e.reason()).isNotNull();
    }
  }

  @Property(tries = 300)
  void oneByte_changedOrCutOff_isNoticedOrHarmless(
      @ForAll("rows") List<ManifestRow> rows,
      @ForAll ManifestFormat format,
      @ForAll int at,
      @ForAll byte other)
      throws IOException {
    byte[] manifest = TestManifests.write(builder(format), rows);
    int index = Math.floorMod(at, manifest.length);
    byte[] changed = manifest.clone();
    changed[index] = other;

    for (byte[] damaged : List.of(changed, Arrays.copyOf(manifest, index))) {
      try {
        TestManifests.Found found = read(damaged);
        assertThat(found.rows().equals(rows) || found.summary().lotCheck() != LotCheck.MATCHES)
            .isTrue();
      } catch (ManifestException e) {
        assertThat(e.reason()).isNotNull();
      }
    }
  }
}
