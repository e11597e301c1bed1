// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static io.github.lwm2mcreds.manifest.TestManifests.KEY_1;
import static io.github.lwm2mcreds.manifest.TestManifests.KEY_2;
import static io.github.lwm2mcreds.manifest.TestManifests.read;
import static io.github.lwm2mcreds.manifest.TestManifests.readList;
import static io.github.lwm2mcreds.manifest.TestManifests.row;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {
  private static final String GOOD = "b," + KEY_2 + "\n";

  private static ManifestException.Reason refusal(byte[] manifest) {
    return catchThrowableOfType(ManifestException.class, () -> read(manifest)).reason();
  }

  private static ManifestException.Reason refusal(String manifest) {
    return refusal(manifest.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a bad row between two good ones, which must not be lost. */
  private static ManifestProblem problem(String badRow) throws Exception {
    TestManifests.Found found = read("endpoint,psk\na," + KEY_1 + "\n" + badRow + "\n" + GOOD);
    assertThat(found.rows()).containsExactly(row("a", KEY_1), row("b", KEY_2));
    assertThat(found.problems()).hasSize(1);
    assertThat(found.problems().get(0).line()).isEqualTo(3);
    assertThat(found.problems().get(0).message()).doesNotContain(KEY_1, "\n");
    return found.problems().get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n"})
  void csv_withAnyLineEnd_isRead(String end) throws Exception {
    String text = String.join(end, "\ufeffPSK Identity,PSK,End_Point", "i," + KEY_1 + ",a");

    ManifestRow row = read(text).rows().get(0);

    assertThat(row.endpoint()).isEqualTo("a");
    assertThat(row.pskIdentity()).isEqualTo(PskIdentity.of("i"));
    assertThat(read(text + end).rows()).hasSize(1);
  }

  @Test
  void lines_areThoseOfAnEditor() throws Exception {
    TestManifests.Found found =
        read("endpoint,psk,n\r\n\r\na," + KEY_1 + ",\"x\r\ny\"\r\nb," + KEY_2 + ",\r\nc,,\r\n");

    assertThat(found.entries()).extracting(ManifestEntry::line).containsExactly(3L, 5L, 6L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          c              | psk      | MISSING_VALUE
          c,             | psk      | MISSING_VALUE
          ,00            | endpoint | MISSING_VALUE
          c,0g           | psk      | INVALID_VALUE
          c,8f1          | psk      | INVALID_VALUE
          c,8f1e         | psk      | WEAK_KEY
          c,8f1e,x       |          | FIELD_COUNT
          c,8f1e"        |          | MALFORMED
          "c"d,8f1e      |          | MALFORMED
          "c,8f1e        |          | MALFORMED
          """)
  void csv_withABadRow_reportsItAndLosesNoOther(String bad, String column, Reason reason)
      throws Exception {
    ManifestProblem problem = problem(bad.contains(",") ? bad : bad + ",");

    assertThat(problem.reason()).isEqualTo(reason);
    assertThat(problem.column()).isEqualTo(Optional.ofNullable(column));
  }

  @Test
  void csv_withARowOfAnyLength_reportsItAndLosesNoOther() throws Exception {
    for (int length : new int[] {65_530, 65_536, 70_000, 300_000, 2_000_000}) {
      assertThat(problem("c," + "0".repeat(length)).reason())
          .isEqualTo(length < 65_534 ? Reason.INVALID_VALUE : Reason.TOO_LONG);
    }
    assertThat(problem("c,\"" + "0".repeat(200_000) + "\"").reason()).isEqualTo(Reason.TOO_LONG);
  }

  @Test
  void csv_withAQuoteThatIsNeverClosed_losesNoRowButThatOne() throws Exception {
    String many = ("b," + KEY_2 + "\n").repeat(20_000);

    TestManifests.Found found = read("endpoint,psk\n\"a," + KEY_1 + "\n" + many);

    assertThat(found.rows()).hasSize(20_000);
    assertThat(found.problems()).hasSize(1);
    assertThat(found.problems().get(0).reason()).isEqualTo(Reason.TOO_LONG);
  }

  @Test
  void csv_withALatin1Endpoint_reportsIt_butNotAnIdentityOfOtherBytes() throws Exception {
    String text = "endpoint,psk,pskIdentity\n\u00e9," + KEY_1 + ",\nb," + KEY_1 + ",\u00e9\n";

    TestManifests.Found found = read(text.getBytes(ISO_8859_1));

    assertThat(found.problems().get(0).reason()).isEqualTo(Reason.NOT_UTF8);
    assertThat(found.problems().get(0).column()).contains("endpoint");
    assertThat(found.rows().get(0).pskIdentity())
        .isEqualTo(PskIdentity.ofBytes(new byte[] {(byte) 0xe9}));
  }

  @Test
  void manifests_thatCannotBeReadAsAWhole_areRefused() {
    assertThat(refusal("")).isEqualTo(ManifestException.Reason.BAD_HEADER);
    assertThat(refusal("endpoint,\"psk\n")).isEqualTo(ManifestException.Reason.BAD_HEADER);
    assertThat(refusal("endpoint,psk,\n")).isEqualTo(ManifestException.Reason.BAD_HEADER);
    assertThat(refusal("[{}]")).isEqualTo(ManifestException.Reason.BAD_HEADER);
    assertThat(refusal("endpoint;psk\n")).isEqualTo(ManifestException.Reason.MISSING_COLUMN);
    assertThat(refusal("endpoint,key\n")).isEqualTo(ManifestException.Reason.MISSING_COLUMN);
    assertThat(refusal("psk\n")).isEqualTo(ManifestException.Reason.MISSING_COLUMN);
    assertThat(refusal("endpoint,psk,PSK\n")).isEqualTo(ManifestException.Reason.DUPLICATE_COLUMN);
    assertThat(refusal("endpoint,psk,a,a\n")).isEqualTo(ManifestException.Reason.DUPLICATE_COLUMN);
    assertThat(refusal("endpoint,psk".getBytes(UTF_16)))
        .isEqualTo(ManifestException.Reason.NOT_UTF8);
    assertThat(refusal("endpoint,psk,\u00e9".getBytes(ISO_8859_1)))
        .isEqualTo(ManifestException.Reason.NOT_UTF8);
  }

  @Test
  void list_mayBeWithoutKeys_andCarriesOtherColumns() throws Exception {
    TestManifests.Found found = readList("endpoint,site,board\na,x,reel_board\nb,,\n");

    assertThat(found.rows().get(0).credential()).isEmpty();
    assertThat(found.rows().get(0).board()).contains("reel_board");
    assertThat(found.rows().get(0).columns()).containsEntry("site", "x").hasSize(2);
    assertThat(found.rows().get(1).columns()).isEmpty();
    assertThat(found.summary().columns()).containsExactly("endpoint", "site", "board");
    assertThat(readList("{\"endpoint\":\"a\"}").rows()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {                                     |          | MALFORMED
          {}                                    | endpoint | MISSING_VALUE
          nonsense                              |          | MALFORMED
          {"endpoint":"c"} {}                   |          | MALFORMED
          {"endpoint":"c","endpoint":"d"}       | endpoint | DUPLICATE_COLUMN
          {"endpoint":"c","End Point":null}     | End Point | DUPLICATE_COLUMN
          {"endpoint":"c","x":{"y":1}}          | x        | MALFORMED
          {"endpoint":"c","x":[1]}              | x        | MALFORMED
          {"endpoint":"c","x":01}               |          | MALFORMED
          {"endpoint":"c","x":"\\q"}            |          | MALFORMED
          {"endpoint":"c","x":"\\ud800"}        |          | MALFORMED
          {"endpoint":"c","x":"\\udc80"}        | x        | NOT_UTF8
          {"endpoint":"c\\n","psk":"00"}        | endpoint | INVALID_VALUE
          {"endpoint":12,"psk":"00"}            | endpoint | INVALID_VALUE
          {"endpoint":"c","psk":1234}           | psk      | INVALID_VALUE
          {"endpoint":"c","psk":null}           | psk      | MISSING_VALUE
          """)
  void ndjson_withABadRow_reportsItAndLosesNoOther(String bad, String column, Reason reason)
      throws Exception {
    String good = "{\"endpoint\":\"b\",\"psk\":\"" + KEY_2 + "\",\"n\":-1.5e3,\"t\":true}\r\n";

    TestManifests.Found found = read(good + "\n" + bad + "\n" + good);

    assertThat(found.rows()).hasSize(2).extracting(ManifestRow::endpoint).containsOnly("b");
    assertThat(found.rows().get(0).columns())
        .containsEntry("n", "-1.5e3")
        .containsEntry("t", "true");
    assertThat(found.problems()).hasSize(1);
    assertThat(found.problems().get(0).line()).isEqualTo(3);
    assertThat(found.problems().get(0).reason()).isEqualTo(reason);
    assertThat(found.problems().get(0).column()).isEqualTo(Optional.ofNullable(column));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\t", "\n", "\r\n \t\r\n", "\ufeff \n"})
  void ndjson_withBlanksBeforeItsFirstObject_isRead(String blanks) throws Exception {
    TestManifests.Found found = read(blanks + "{\"endpoint\":\"a\",\"psk\":\"" + KEY_1 + "\"}");

    assertThat(found.entries()).containsExactly(row("a", KEY_1));
    assertThat(refusal(blanks + "[{}]")).isEqualTo(ManifestException.Reason.BAD_HEADER);
  }

  @Test
  void ndjson_withALineOfAnyLength_reportsItAndLosesNoOther() throws Exception {
    String good = "{\"endpoint\":\"b\",\"psk\":\"" + KEY_2 + "\"}\n";
    TestManifests.Found found =
        read(good + "{\"endpoint\":\"" + "x".repeat(1_000_000) + "\"}\n" + good);

    assertThat(found.rows()).hasSize(2);
    assertThat(found.problems().get(0).reason()).isEqualTo(Reason.TOO_LONG);
    assertThat(found.rows().get(1).line()).isEqualTo(3);
  }

  @Test
  void problem_tellsTheEndpointIfItIsKnown() throws Exception {
    assertThat(problem("c,00").endpoint()).contains("c");
    assertThat(problem("c\u0001,00").endpoint()).isEmpty();
  }

  @Test
  void summary_withoutALot_saysSo() throws Exception {
    assertThat(read("endpoint,psk\n" + GOOD).summary().lotCheck()).isEqualTo(LotCheck.NO_LOT);
  }
}
