// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text that is no devicetree, or one made to break its reader. The time limit is a hundred times
 * what linear work takes; what is quadratic takes minutes.
 */
class DevicetreeHostileTest {
  private static final int MANY = 500_000;
  private static final String NODE = "/ { credentials_partition: p { reg = <0x2000 0x1000>; }; };";

  private static void assertLocationOrTheOneException(String source) {
    try {
      assertThat(Devicetree.findCredentialPartition(source)).isNotNull();
    } catch (FlashImageException e) {
      assertThat(e.reason()).isNotNull();
    }
  }

  @Property(tries = 500)
  void find_anyText_givesALocationOrTheOneException(@ForAll String source) {
    assertLocationOrTheOneException(source);
  }

  @Property(tries = 2000)
  void find_anySoupOfTokens_givesALocationOrTheOneException(@ForAll("soups") String source) {
    assertLocationOrTheOneException(source);
  }

  @Provide
  Arbitrary<String> soups() {
    return Arbitraries.of(
            "{",
            "}",
            ";",
            "\"",
            "\\",
            "\n",
            " ",
            "#",
            "#define",
            "/*",
            "*/",
            "//",
            "<",
            ">",
            ",",
            "=",
            ":",
            "&",
            "(",
            ")",
            "reg",
            "reg = ",
            "<0x7f000 0x1000>",
            "DT_SIZE_K(",
            "DT_SIZE_M(",
            "0x",
            "0xffffffffffffffff",
            "08",
            "credentials_partition",
            "credentials_partition: p {",
            "&credentials_partition {",
            "label = \"lwm2m-credentials\";",
            "/delete-node/ ",
            "\n#ifdef A\n",
            "\n#if A > 1\n",
            "\n#else\n",
            "\n#endif\n",
            "\n#define A(x) x##x\n",
            "\n#define reg A\n",
            "\n#include \"",
            "\n#include <a.dtsi>\n",
            "A(",
            "ranges",
            "ranges = ",
            "<0 1 2>",
            "/ {",
            "};",
            "&flash0 {",
            "partitions {",
            "&{/",
            "/",
            "$1",
            "\0")
        .list()
        .ofMaxSize(25)
        .map(parts -> String.join("", parts));
  }

  /** Once: a StackOverflowError from the regular expression for strings. */
  static Stream<Arguments> longStrings() {
    return Stream.of(
        Arguments.of("letters", "\"" + "a".repeat(MANY) + "\""),
        Arguments.of("escapes", "\"" + "\\\"".repeat(MANY) + "\""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("longStrings")
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void find_veryLongString_isReadOver(String name, String string) throws Exception {
    assertThat(Devicetree.findCredentialPartition("/ { s = " + string + "; };" + NODE))
        .isEqualTo(new PartitionLocation(0x2000, 0x1000));
  }

  /** Once: minutes of work, each start trying the whole rest of the text again. */
  static Stream<Arguments> repetitions() {
    return Stream.of(
        Arguments.of("blank lines", "\n".repeat(MANY)),
        Arguments.of("blanks", " ".repeat(MANY)),
        Arguments.of("closed comments", "/**/".repeat(MANY)),
        Arguments.of("joined lines", "\\\n".repeat(MANY)),
        Arguments.of("conditionals", "#if 0\n#endif\n".repeat(MANY / 10)),
        Arguments.of("definitions", "#define A A\n".repeat(MANY / 10)),
        Arguments.of("nodes", "/ { a { }; };\n".repeat(MANY / 10)),
        Arguments.of("labels", "/ { " + "a: ".repeat(MANY / 10) + "b { }; };"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("repetitions")
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void find_veryManyRepetitions_areReadOver(String name, String text) throws Exception {
    assertThat(Devicetree.findCredentialPartition(text + NODE))
        .isEqualTo(new PartitionLocation(0x2000, 0x1000));
  }

  static Stream<Arguments> unclosed() {
    return Stream.of(
        Arguments.of("comments", "/* ".repeat(MANY)),
        Arguments.of("string of escapes", "\"" + "\\\"".repeat(MANY)),
        Arguments.of("string that ends in a backslash", "\"" + "\\\"".repeat(MANY) + "\\"),
        Arguments.of("nodes", "/ { " + "a {".repeat(MANY / 10)),
        Arguments.of("path", "&{" + "/a".repeat(MANY) + "} { };"),
        Arguments.of("nodes one in another", nodesOneInAnother()),
        Arguments.of("braces", "{".repeat(MANY / 10)),
        Arguments.of("conditionals", "#if 1\n".repeat(MANY / 10)),
        Arguments.of("parentheses", "/ { reg = <" + "(".repeat(MANY / 10)),
        Arguments.of("parentheses in #if", "#if " + "(".repeat(MANY / 10)),
        Arguments.of("signs in #if", "#if " + "-".repeat(MANY / 10)),
        Arguments.of("arguments", "#define F(x) x\n/ { a = " + "F(".repeat(MANY / 10)),
        Arguments.of("string in a node", "/ { credentials_partition: p { reg = <1 2>; s = \""));
  }

  private static String nodesOneInAnother() {
    StringBuilder source = new StringBuilder("/ { l0: n { }; };\n");
    for (int i = 1; i < MANY / 10; i++) {
      source.append("&l%d { l%d: n { }; };\n".formatted(i - 1, i));
    }
    return source.toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unclosed")
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void find_whatIsNeverClosedOrTooDeep_isRefused(String name, String text) {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> Devicetree.findCredentialPartition(text));
  }

  @Test
  void find_regOfManyCells_isRefused() {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(
            () ->
                Devicetree.findCredentialPartition(NODE.replace("0x1000", " 0x1000".repeat(MANY))));
  }

  @Test
  void message_regWithControlCharacters_isOneLine() {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(
            () -> Devicetree.findCredentialPartition(NODE.replace("0x1000", "x\n\u001b[2J\u202e")))
        .satisfies(e -> assertThat(e.getMessage()).matches("[ -~]+"));
  }

  /** What the text of a string cannot do: stand for a group of a replacement. */
  @Test
  void find_dollarsAndBackslashesInStrings_areJustText() throws Exception {
    assertThat(Devicetree.findCredentialPartition("/ { s = \"$1 \\\\ $\"; };" + NODE).address())
        .isEqualTo(0x2000);
  }

  /** Each macro doubles the one before. */
  @Test
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void find_macrosThatGrow_areRefused() {
    StringBuilder source = new StringBuilder("#define M0 0 0\n");
    for (int i = 1; i < 60; i++) {
      source.append("#define M%d M%d M%d\n".formatted(i, i - 1, i - 1));
    }
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> Devicetree.findCredentialPartition(source + "/ { a = <M59>; };"))
        .withMessageContaining("too large");
  }

  /** Each macro doubles the text of its argument, in one token. Once: an OutOfMemoryError. */
  @ParameterizedTest
  @ValueSource(strings = {"x##x", "#x"})
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void find_tokensThatGrow_areRefused(String twice) {
    StringBuilder source = new StringBuilder("#define M0(x) x\n");
    for (int i = 1; i < 60; i++) {
      source.append("#define M%d(x) M%d(%s)\n".formatted(i, i - 1, twice));
    }
    String use = "/ { a = <M59(aaaaaaaa)>; };";
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> Devicetree.findCredentialPartition(source + use))
        .withMessageContaining("too large");
  }

  /** Each name that is not known doubles the ways to read the source. */
  @Test
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void find_manyNamesThatAreNotKnown_areRefused() {
    StringBuilder source = new StringBuilder(NODE);
    for (int i = 0; i < 1000; i++) {
      source.append("\n#ifdef A%d\n/ { };\n#endif".formatted(i));
    }
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> Devicetree.findCredentialPartition(source.toString()))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }
}
