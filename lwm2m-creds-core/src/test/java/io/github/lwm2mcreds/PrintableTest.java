// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void escape_plainText_staysAsItIs() {
    assertThat(Printable.escape("urn:x \u00e9\u4e2d\ud83d\udce1 100%"))
        .isEqualTo("urn:x \u00e9\u4e2d\ud83d\udce1 100%");
  }

  @Test
  void escape_backslash_isDoubled() {
    assertThat(Printable.escape("a\\u000ab")).isEqualTo("a\\\\u000ab");
  }

  @Property(tries = 500)
  void escape_differentTexts_stayDifferent(
      @ForAll
          @Chars({
            '\\', 'u', 'x', '0', 'f', '\n', ' ', 'e', '\u0301', '\u00e9', '\udc80', '\uf000',
            '\udb80', '\udc00'
          })
          String one,
      @ForAll
          @Chars({
            '\\', 'u', 'x', '0', 'f', '\n', ' ', 'e', '\u0301', '\u00e9', '\udc80', '\uf000',
            '\udb80', '\udc00'
          })
          String other) {
    assertThat(Printable.escape(one).equals(Printable.escape(other))).isEqualTo(one.equals(other));
  }

  @Test
  void escape_whatForgesLinesOrSteersTerminals_isEscaped() {
    assertThat(Printable.escape("a\r\nb")).isEqualTo("a\\u000d\\u000ab");
    assertThat(Printable.escape("\u001b[2J")).isEqualTo("\\u001b[2J");
    assertThat(Printable.escape("\u009b\u0085\u007f")).isEqualTo("\\u009b\\u0085\\u007f");
    assertThat(Printable.escape("\u202e\u200b\ufeff")).isEqualTo("\\u202e\\u200b\\ufeff");
    assertThat(Printable.escape("\u2028\u2029")).isEqualTo("\\u2028\\u2029");
    assertThat(Printable.escape("\ue000\udb80\udc00\ufffe\uffff"))
        .isEqualTo("\\ue000\\u{f0000}\\ufffe\\uffff");
  }

  /** Two names in a list would be taken for one. */
  @Test
  void escape_whatAReaderDoesNotSee_isEscaped() {
    assertThat(Printable.escape(" a b  ")).isEqualTo("\\u0020a b\\u0020\\u0020");
    assertThat(Printable.escape("a\u00a0b\u3000c")).isEqualTo("a\\u00a0b\\u3000c");
    assertThat(Printable.escape("a\ufe0fb\udb40\udd00\u034f"))
        .isEqualTo("a\\ufe0fb\\u{e0100}\\u034f");
    assertThat(Printable.escape("a\u3164\u2800")).isEqualTo("a\\u3164\\u2800");
    assertThat(Printable.escape(" ")).isEqualTo("\\u0020");
  }

  @Test
  void escape_marks_areEscapedWhereTheLetterHasAFormWithThem() {
    assertThat(Printable.escape("\u00e9")).isEqualTo("\u00e9");
    assertThat(Printable.escape("e\u0301")).isEqualTo("e\\u0301");
    assertThat(Printable.escape("x\u0304 \u0e19\u0e49\u0e33"))
        .as("letters that have none")
        .isEqualTo("x\u0304 \u0e19\u0e49\u0e33");
  }

  @Test
  void escape_loneSurrogates_areBytesOrCodes() {
    assertThat(Printable.escape("\ud800x\udc7f\udc80\udcff\udd00"))
        .isEqualTo("\\ud800x\\udc7f\\x80\\xff\\udd00");
  }

  @Property(tries = 500)
  void escape_anyText_isOneLineOfWellFormedUnicode(@ForAll String text) {
    assertThat(Printable.escape(text).codePoints())
        .noneMatch(c -> Character.isISOControl(c) || c >= 0xd800 && c <= 0xdfff);
  }
}
