// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static io.github.lwm2mcreds.manifest.TestManifests.KEY_1;
import static io.github.lwm2mcreds.manifest.TestManifests.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LotTest {
  private static List<String> lines(ManifestFormat format) throws Exception {
    ManifestWriter.Builder builder =
        ManifestWriter.builder(format).columns("board", "site").lot("L-1");
    String text = new String(TestManifests.write(builder, TestManifests.example()), UTF_8);
    return new ArrayList<>(text.lines().toList());
  }

  private static TestManifests.Found found(List<String> lines) throws Exception {
    return read(String.join("\n", lines));
  }

  @ParameterizedTest
  @EnumSource
  void lot_withARowMissing_addedOrMoved_doesNotMatch(ManifestFormat format) throws Exception {
    int first = format == ManifestFormat.CSV ? 1 : 0;
    List<String> missing = lines(format);
    missing.remove(first + 1);
    List<String> added = lines(format);
    added.add(first, added.get(first));
    List<String> moved = lines(format);
    Collections.swap(moved, first, first + 1);

    assertThat(found(lines(format)).summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
    assertThat(found(missing).summary().lotCheck()).isEqualTo(LotCheck.COUNT_DIFFERS);
    assertThat(found(added).summary().lotCheck()).isEqualTo(LotCheck.COUNT_DIFFERS);
    assertThat(found(moved).summary().lotCheck()).isEqualTo(LotCheck.DIGEST_DIFFERS);
  }

  @ParameterizedTest
  @EnumSource
  void lot_cutAtARow_hasNoEnd(ManifestFormat format) throws Exception {
    List<String> lines = lines(format);

    for (int kept = 1; kept < lines.size(); kept++) {
      assertThat(found(lines.subList(0, kept)).summary().lotCheck())
          .isEqualTo(LotCheck.END_MISSING);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rows_afterTheEndOrOfAnotherLot_areProblems(ManifestFormat format) throws Exception {
    int first = format == ManifestFormat.CSV ? 1 : 0;
    List<String> after = lines(format);
    after.add(after.get(first));
    List<String> other = lines(format);
    other.add(first + 1, other.get(first).replace("L-1", "L-2"));
    List<String> otherEnd = lines(format);
    otherEnd.add(otherEnd.remove(otherEnd.size() - 1).replace("L-1", "L-2"));

    for (List<String> each : List.of(after, other, otherEnd)) {
      TestManifests.Found found = found(each);
      assertThat(found.rows()).isEqualTo(TestManifests.example());
      assertThat(found.problems())
          .extracting(ManifestProblem::reason)
          .containsExactly(Reason.OTHER_LOT);
    }
    assertThat(found(otherEnd).summary().lotCheck()).isEqualTo(LotCheck.END_MISSING);
  }

  @Test
  void lot_withoutRows_matches() throws Exception {
    for (ManifestFormat format : ManifestFormat.values()) {
      byte[] manifest = TestManifests.write(ManifestWriter.builder(format).lot("L-1"), List.of());
      assertThat(read(manifest).summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
    }
  }

  @Test
  void lot_withAKeyThatThePolicyRefuses_matches() throws Exception {
    byte[] manifest =
        TestManifests.write(
            ManifestWriter.builder(ManifestFormat.CSV).lot("L-1"),
            List.of(TestManifests.row("a", KEY_1), TestManifests.row("b", "00")));

    TestManifests.Found found = read(manifest);

    assertThat(found.problems())
        .extracting(ManifestProblem::reason)
        .containsExactly(Reason.WEAK_KEY);
    assertThat(found.summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
  }

  @Test
  void endpoint_thatLooksLikeTheEnd_isADevice() throws Exception {
    ManifestRow row = TestManifests.row("#end count=0 sha256=" + "0".repeat(64), KEY_1);
    byte[] manifest =
        TestManifests.write(ManifestWriter.builder(ManifestFormat.CSV).lot("L-1"), List.of(row));

    assertThat(read(manifest).entries()).containsExactly(row);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a,b", "\u00e9", "x\n"})
  void number_outsideItsAlphabet_isRefused(String number) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ManifestWriter.builder(ManifestFormat.CSV).lot(number));
  }
}
