// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditionals, macros and overlays over each other. */
class DevicetreeSearchTest {
  /**
   * The shape of dm-lwm2m's common.overlay from September 2018 to February 2019: one node for each
   * SoC, of which the build takes one.
   */
  private static final String COMMON =
      """
      #ifdef CONFIG_SOC_NRF52832
      &flash0 { partitions {
        credentials_partition: partition@7f000 { label = "lwm2m-credentials";
          reg = <0x0007f000 0x1000>;
      }; }; };
      #endif /* CONFIG_SOC_NRF52832 */
      #ifdef CONFIG_SOC_NRF52840
      &flash0 { partitions {
        credentials_partition: partition@ff000 { label = "lwm2m-credentials";
          reg = <0x000ff000 0x1000>;
      }; }; };
      #endif
      """;

  private static DevicetreeSearch search(String... sources) {
    DevicetreeSearch search = Devicetree.search();
    for (int i = 0; i < sources.length; i++) {
      search.source((char) ('a' + i) + ".dts", sources[i]);
    }
    return search;
  }

  private static String partition(String address) {
    return "\n&flash0 { partitions { credentials_partition: partition@0 { reg = <"
        + address
        + " 0x1000>; }; }; };\n";
  }

  private static long address(DevicetreeSearch search) throws Exception {
    return search.find().location().address();
  }

  private static String refusal(Reason reason, DevicetreeSearch search) {
    StringBuilder message = new StringBuilder();
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(search::find)
        .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
        .satisfies(e -> message.append(e.getMessage()));
    return message.toString();
  }

  @Test
  void find_conditionalThatNothingDecides_isRefusedWithTheCandidates() {
    assertThat(refusal(Reason.AMBIGUOUS_PARTITION, search(COMMON)))
        .contains(
            "0x7f000 (a.dts:4) with CONFIG_SOC_NRF52832",
            "0xff000 (a.dts:10) with CONFIG_SOC_NRF52840",
            "none without");
  }

  @Test
  void find_givenName_selectsItsNode() throws Exception {
    DevicetreeSearch.Found found = search(COMMON).define("CONFIG_SOC_NRF52832", "1").find();
    assertThat(found.location()).isEqualTo(new PartitionLocation(0x7f000, 0x1000));
    assertThat(found.place()).isEqualTo("a.dts:4");
    assertThat(found.notes()).anyMatch(note -> note.contains("CONFIG_SOC_NRF52840"));
    assertThat(address(search(COMMON).define("CONFIG_SOC_NRF52840", "1"))).isEqualTo(0xff000);
  }

  @Test
  void find_givenNameThatDecidesNothing_isRefused() {
    refusal(Reason.AMBIGUOUS_PARTITION, search(COMMON).define("CONFIG_SOC", "1"));
    refusal(
        Reason.AMBIGUOUS_PARTITION,
        search(COMMON.replace("#ifdef CONFIG_SOC_NRF52840", "#if 0"))
            .undefine("CONFIG_SOC_NRF52840"));
  }

  @Test
  void find_givenNameAroundAnUnknownOne_isRefused() throws Exception {
    String source =
        "#ifdef A\n#ifndef B\n" + node("1000") + "#else\n" + node("2000") + "#endif\n#endif\n";
    assertThat(refusal(Reason.AMBIGUOUS_PARTITION, search(source).define("A", "1")))
        .contains("(B)", "0x1000", "0x2000");
    assertThat(address(search(source).define("A", "1").define("B", "1"))).isEqualTo(0x2000);
  }

  private static String node(String at) {
    return "&flash0 { partitions { credentials_partition: partition@"
        + at
        + " { reg = <0x"
        + at
        + " 0x1000>; }; }; };\n";
  }

  @Test
  void find_labelOfADeletedNode_isNoLongerItsLabel() throws Exception {
    String board = "/ { soc { flash0: flash@0 { reg = <0 0x80000>; }; }; };\n";
    assertThat(address(search(board + node("5000")))).isEqualTo(0x5000);
    DevicetreeSearch.Found found =
        search(board + "/delete-node/ &{/soc/flash@0};\n" + node("5000")).find();
    assertThat(found.location().address()).isEqualTo(0x5000);
    assertThat(found.notes()).anyMatch(note -> note.contains("does not say where its flash"));
  }

  @Test
  void find_autoconf_decidesEveryConfigName() throws Exception {
    String autoconf = "#define CONFIG_A 1\r\n#define CONFIG_SOC_NRF52840 1\r\n";
    assertThat(address(search(COMMON).autoconf(autoconf))).isEqualTo(0xff000);
    assertThat(search(COMMON).autoconf(autoconf).find().notes())
        .noneMatch(note -> note.contains("not defined"));
    refusal(Reason.NO_PARTITION_NODE, search(COMMON).autoconf("#define CONFIG_A 1\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#ifdef A%n%s#else%n%s#endif",
        "#ifndef A%n%2$s#else%n%1$s#endif",
        "#if defined(A)%n%s#else%n%s#endif",
        "#if defined A && 1%n%s#else%n%s#endif",
        "#if !defined(A)%n%2$s#elif 1%n%1$s#endif",
        "#if A == 1%n%s#else%n%s#endif",
        "#if (A + 1) * 2 == 4 && (0x10 >> 4) %% 2%n%s#else%n%s#endif",
        "#if A ? 0 : 1%n%2$s#elif A%n%1$s#endif",
        "%2$s#if A%n%1$s#endif",
        "  #  if  A /* 0 */ // 0%n%s#  else%n%s#  endif // A",
      })
  void find_everyKindOfConditional_isEvaluated(String format) throws Exception {
    String source = String.format(format, partition("0x1000"), partition("0x2000"));
    assertThat(address(search(source).define("A", "1"))).isEqualTo(0x1000);
    assertThat(address(search(source).undefine("A"))).isEqualTo(0x2000);
    refusal(Reason.AMBIGUOUS_PARTITION, search(source));
    refusal(Reason.AMBIGUOUS_PARTITION, search(source).define("B", "1"));
  }

  @Test
  void find_zeroAndOne_areEvaluatedWithoutAnythingGiven() throws Exception {
    String source = "#if 0\n%s#endif\n#if 1\n%s#else\n%s#endif";
    assertThat(
            address(
                search(
                    source.formatted(
                        partition("0x10000"), partition("0x7f000"), partition("0x20000")))))
        .isEqualTo(0x7f000);
  }

  @Test
  void find_conditionalElsewhere_doesNotMatter() throws Exception {
    String uart = "#if defined(A) || B > 2\n&uart0 { status = \"okay\"; };\n#endif\n";
    assertThat(address(search(uart + partition("0x7f000") + uart))).isEqualTo(0x7f000);
  }

  @Test
  void find_branchThatStopsTheBuild_isNoCandidate() throws Exception {
    String source = "#ifdef A\n" + partition("0x7f000") + "#else\n#error not supported\n#endif";
    assertThat(address(search(source))).isEqualTo(0x7f000);
    assertThat(refusal(Reason.BAD_DEVICETREE, search(source).undefine("A"))).contains("#error");
  }

  @Test
  void find_includeGuard_isNotAQuestion() throws Exception {
    String guard = "#ifndef A_H\n\n#define A_H\n" + partition("0x1000") + "#endif\n";
    assertThat(address(search(guard))).isEqualTo(0x1000);
    String fallback = "#if !defined(AT)\n#define AT 0x3000\n#endif\n" + partition("AT");
    assertThat(address(search(fallback))).isEqualTo(0x3000);
    assertThat(address(search(fallback).define("AT", "0x4000"))).isEqualTo(0x4000);
  }

  @ParameterizedTest
  @CsvSource({
    "'#define AT 0x7f000', AT",
    "'#define KB(x) ((x) * 1024)', KB(508)",
    "'#define BASE 0x70000\n#define AT (BASE + 0xf000)', AT",
    "'#define AT(n, k) (n##0000 + k)', 'AT(0x7, 0xf000)'",
    "'#define AT(x) x', AT(AT(AT(520192)))",
    "'#define AT \\\n 0x7f000', AT",
    "'', (0x80000 - 0x1000)",
    "'', (1 << 19) - 0x1000",
    "'', ((1 << 19) - (4 << 10))",
    "'', 01770000",
    "'', 0x7f000UL",
    "'', (0x7f000 | 0 ? 0x7f000 : 1)",
  })
  void find_macrosAndExpressions_areEvaluated(String definition, String reg) throws Exception {
    DevicetreeSearch search = search(definition + partition(reg));
    if (reg.startsWith("(1 << 19) -")) { // not in parentheses, which the compiler refuses, too
      refusal(Reason.BAD_REG, search);
    } else {
      assertThat(address(search)).isEqualTo(0x7f000);
    }
  }

  /** As in GCC's preprocessor, with which Zephyr reads devicetrees. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "P(...) __VA_ARGS__ | P(reg = <0x7f000 0x1000>;)",
        "P(...) __VA_ARGS__ | P(a = <1>, <2>; reg = <0x7f000 0x1000>;)",
        "P(at, ...) reg = <at __VA_ARGS__>; | P(0x7f000, 0x1000)",
        "P(at, rest...) reg = <at rest 0x1000>; | P(0x7f000)",
        "P(at, ...) reg = <at>, ##__VA_ARGS__; | P(0x7f000, <0x1000>)",
        "P(at, ...) reg = <at, ##__VA_ARGS__ 0x1000>; | P(0x7f000)",
        "P(a, b) reg = <0x a##b 0x1000>; | P(, 7f000)",
        "P(a, b) reg = <a##b 0x1000>; | P(, 0x7f000)",
        "P(a, b) reg = <a##b 0x1000>; | P(0x7f000, )",
      })
  void find_macrosOfAnyNumberOfArguments_areExpanded(String macro, String use) throws Exception {
    DevicetreeSearch search =
        search(
            "#define "
                + macro
                + "\n/ { partitions { credentials_partition: a { "
                + use
                + " }; }; };");
    if (macro.contains("<0x a##b")) { // an empty argument is not pasted to what is before it
      refusal(Reason.BAD_REG, search);
    } else {
      assertThat(search.find().location()).isEqualTo(new PartitionLocation(0x7f000, 0x1000));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#define P(l, at) partition@at { label = #l; reg = <DT_ADDR(at) 0x1000>; #a-cells = <1>;"
            + " };",
        "#define P(l, at) partition@##at { label = # l; reg = <0x##at 0x1000>; };",
        "#define N(l) #l\n"
            + "#define P(l, at) x: partition @at { label = N(l); reg = <0x##at 0x1000>; };",
      })
  void find_argumentsInNamesAndStrings_areFound(String macro) throws Exception {
    String use = "\n&flash0 { partitions { P( lwm2m-credentials , 7f000 ) }; };\n";
    String byName = "&flash0 { partitions { partition@7f000 { reg = <0x5000 0x1000>; }; }; };";
    if (macro.contains("partition @")) {
      refusal(Reason.BAD_DEVICETREE, search(macro + use));
    } else {
      assertThat(address(search(macro + use))).isEqualTo(0x7f000);
      assertThat(address(search(macro + use + byName))).isEqualTo(0x5000);
    }
  }

  @Test
  void find_laterFiles_changeEarlierOnes() throws Exception {
    String board =
        "/ { soc { flash0: flash@0 { reg = <0 0x80000>; partitions { cp: partition@7f000 {"
            + " label = \"lwm2m-credentials\"; reg = <0x7f000 0x1000>; }; }; }; }; };";
    assertThat(address(search(board))).isEqualTo(0x7f000);
    assertThat(address(search(board, "&cp { reg = <0x6000 0x1000>; };"))).isEqualTo(0x6000);
    assertThat(
            address(search(board, "&{/soc/flash/partitions/partition@7f000} { reg = <1 99>; };")))
        .isEqualTo(1);
    String byName = "&flash0 { partitions { partition@7f000 { reg = <0x5000 0x1000>; }; }; };";
    assertThat(search(board, byName).find().place()).isEqualTo("b.dts:1");
    assertThat(address(search(board, byName))).isEqualTo(0x5000);
    refusal(Reason.NO_PARTITION_NODE, search(board, "/delete-node/ &cp;"));
    refusal(Reason.NO_PARTITION_NODE, search(board, "/delete-node/ &{/soc/flash@0};"));
    refusal(
        Reason.NO_PARTITION_NODE,
        search(board, "&flash0 { /delete-node/ partitions; partitions { }; };"));
    refusal(Reason.NO_PARTITION_NODE, search(board, "&cp { /delete-property/ reg; };"));
    refusal(Reason.NO_PARTITION_NODE, search(board, "&cp { /delete-property/ label; };"));
    assertThat(refusal(Reason.BAD_DEVICETREE, search("&flash0 { };", board))).contains("before");
  }

  @Test
  void find_twoNodes_areRefusedWithBoth() {
    String two =
        "&flash0 { partitions { credentials_partition: a@1 { reg = <0x1000 0x1000>; };\n"
            + "b@2 { label = \"lwm2m-credentials\"; reg = <0x2000 0x1000>; }; }; };";
    assertThat(refusal(Reason.AMBIGUOUS_PARTITION, search(two)))
        .contains("0x1000 (a.dts:1)", "0x2000 (a.dts:2)");
  }

  @Test
  void find_flashOfAnOverlayAlone_isFoundWithANote() throws Exception {
    assertThat(search(partition("0x7f000")).find().notes()).anyMatch(n -> n.contains("STM32"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ { a { };",
        "/ { a = <1> }; };",
        "/ { a };",
        "/ { };\n#endif",
        "#if 1\n/ { };",
        "#if\n#endif",
        "#if 1 +\n#endif",
        "#if 1 / 0\n#endif",
        "#if defined(\n#endif",
        "#else",
        "#if 1\n#else\n#else\n#endif",
        "/ { s = \"a\n\"; };",
        "/* ",
        "/unknown/;",
        "a { };",
        "#define F(x) x\n/ { a = <F(1, 2)>; };",
        "#include FILE",
      })
  void find_malformedSource_isRefusedWithItsLine(String source) {
    assertThat(refusal(Reason.BAD_DEVICETREE, search(source))).matches("a\\.dts:[123]: .*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1A", "A B", "A(x)", "A-B"})
  void define_whatIsNoName_isRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> search().define(name, "1"));
    assertThatIllegalArgumentException().isThrownBy(() -> search().undefine(name));
  }
}
