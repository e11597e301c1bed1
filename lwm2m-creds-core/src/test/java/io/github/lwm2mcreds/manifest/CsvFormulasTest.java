// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormulasTest {
  @ParameterizedTest
  @ValueSource(strings = {"=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''-"})
  void escape_whatASpreadsheetRuns_hasAnApostropheInFront(String field) {
    assertThat(CsvFormulas.escape(field)).isEqualTo("'" + field);
    assertThat(CsvFormulas.escape(field.getBytes(UTF_8))).asString(UTF_8).isEqualTo("'" + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sensor-1", "'", "''", "'a", "a=1", " =1", "\u00e9"})
  void escape_anythingElse_isTheSame(String field) {
    assertThat(CsvFormulas.escape(field)).isEqualTo(field);
    assertThat(CsvFormulas.escape(field.getBytes(UTF_8))).asString(UTF_8).isEqualTo(field);
    assertThat(CsvFormulas.unescape(field.getBytes(UTF_8))).asString(UTF_8).isEqualTo(field);
  }

  @Provide
  Arbitrary<String> fields() {
    return Arbitraries.strings().withChars("'=+-@\t\r\n a\u00e9").ofMaxLength(8);
  }

  @Property
  void unescape_whatWasEscaped_isTheField(@ForAll("fields") String field) {
    byte[] escaped = CsvFormulas.escape(field.getBytes(UTF_8));

    assertThat(CsvFormulas.unescape(escaped)).asString(UTF_8).isEqualTo(field);
    assertThat(CsvFormulas.escape(field)).matches(text -> text.isEmpty() || !isFormula(text));
  }

  private static boolean isFormula(String text) {
    return "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0;
  }

  @Test
  void unescape_fieldThatNobodyEscaped_isTheSame() {
    assertThat(CsvFormulas.unescape("=1".getBytes(UTF_8))).asString(UTF_8).isEqualTo("=1");
  }
}
