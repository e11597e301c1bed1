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
        Arguments.of("closing braces", "};".repeat(MANY / 10)),
        Arguments.of("balanced braces", "{".repeat(MANY / 10) + "}".repeat(MANY / 10)),
        Arguments.of("labels", "credentials_partition ".repeat(MANY / 10) + ";"));
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
        Arguments.of("nodes", "{".repeat(MANY / 10)),
        Arguments.of("string in a node", "/ { credentials_partition: p { reg = <1 2>; s = \""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unclosed")
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void find_whatIsNeverClosed_isRefused(String name, String text) {
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
}
