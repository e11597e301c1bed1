// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevicetreeTest {
  private static final String OVERLAY =
      """
      &flash0 {
        partitions {
          credentials_partition: partition@7f000 {
            label = "lwm2m-credentials";
            reg = <0x0007f000 0x1000>;
          };
        };
      };
      """;

  private static void assertFound(String source, long address, int size) throws Exception {
    assertThat(Devicetree.findCredentialPartition(source))
        .isEqualTo(new PartitionLocation(address, size));
  }

  private static void assertRefused(String source, Reason reason) {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> Devicetree.findCredentialPartition(source))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static String node(String reg) {
    return "/ { credentials_partition: partition@0 { reg = " + reg + "; }; };";
  }

  @Test
  void find_overlay_isFound() throws Exception {
    assertFound(OVERLAY, 0x7f000, 0x1000);
    assertFound(OVERLAY.replace("\n", "\r\n"), 0x7f000, 0x1000);
    assertFound(OVERLAY.replaceAll("\\s+", " "), 0x7f000, 0x1000);
  }

  @Test
  void find_zephyrDts_isFoundAmongManyNodes() throws Exception {
    assertFound(
        """
        /dts-v1/;
        /* a comment with { braces }; and a "quote */
        / {
          #address-cells = < 0x1 >;
          #size-cells = < 0x1 >;
          model = "a board; with { a brace";
          chosen { zephyr,flash = &flash0; }; // and } another
          soc {
            uart0: uart@40002000 { reg = < 0x40002000 0x1000 >; label = "UART_0"; };
            flash-controller@4001e000 {
              reg = < 0x4001e000 0x1000 >;
              flash0: flash@0 {
                reg = < 0x0 0x100000 >;      /* in board.dts:12 */
                partitions {
                  compatible = "fixed-partitions";
                  boot_partition: partition@0 { label = "mcuboot"; reg = < 0x0 0xc000 >; };
                  credentials_partition: partition@fb000 {
                    label = "lwm2m-credentials";  /* in board.overlay:3 */
                    reg = < 0xfb000 0x1000 >;     /* reg = < 0x1 0x2 >; */
                  };
                  storage_partition: partition@fc000 {
                    label = "storage";
                    reg = < 0xfc000 0x4000 >;
                  };
                };
              };
            };
          };
        };
        """,
        0xfb000,
        0x1000);
  }

  @Test
  void find_nodeNamedByItsLabelPropertyOnly_isFound() throws Exception {
    assertFound(OVERLAY.replace("credentials_partition: ", ""), 0x7f000, 0x1000);
    assertFound("/{a{reg=<1 0x100>;label=\"lwm2m-credentials\";};};", 1, 0x100);
  }

  @Test
  void find_nodeNamedByItsNodeLabelOnly_isFound() throws Exception {
    assertFound(OVERLAY.replace("label = \"lwm2m-credentials\";", ""), 0x7f000, 0x1000);
    assertFound("/{ a: credentials_partition : b: p@1 { reg = <1 0x100>; }; };", 1, 0x100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my_credentials_partition: p { reg = <1 0x100>; };",
        "credentials_partition2: p { reg = <1 0x100>; };",
        "p { label = \"lwm2m-credentials-old\"; reg = <1 0x100>; };",
        "p { label = \"xlwm2m-credentials\"; reg = <1 0x100>; };",
        "p { description = \"lwm2m-credentials\"; reg = <1 0x100>; };",
        "p { // label = \"lwm2m-credentials\";\n reg = <1 0x100>; };",
        "p { /* label = \"lwm2m-credentials\"; */ reg = <1 0x100>; };",
        "credentials_partition: p { sub { reg = <1 0x100>; }; };",
        "credentials_partition: p { my-reg = <1 0x100>; regs = <1 0x100>; };",
        "",
      })
  void find_nodesThatOnlyLookLikeIt_areNotIt(String source) {
    assertRefused("/ { " + source + " };", Reason.NO_PARTITION_NODE);
    assertRefused("&flash0 { " + source + " };", Reason.NO_PARTITION_NODE);
  }

  @Test
  void find_commentsAndStringsWithBraces_areNotStructure() throws Exception {
    assertFound(
        """
        / { credentials_partition: p { // }; };
          /* }; */ s = "}; /* \\" {", "// ", "";
          reg = <0x2000 /* address */ 0x1000 /* size */>;
          t = "*/";
        }; };
        """,
        0x2000,
        0x1000);
  }

  @Test
  void find_preprocessorLinesOfNoConsequence_areReadOver() throws Exception {
    assertFound(
        """
        #include <dt-bindings/gpio/gpio.h>
        # 1 "board.overlay" 1
        #define OPEN {
        #pragma once
        /dts-v1/;
        /memreserve/ 0x0 0x100;
        / {
        #address-cells = <1>;
        #size-cells = <1>;
          credentials_partition: p OPEN
            reg = <0x2000 0x1000>;
          };
        };
        """,
        0x2000,
        0x1000);
  }

  /** C evaluates no operand that does not count. */
  @ParameterizedTest
  @ValueSource(strings = {"0 && 1 / 0", "!(1 || 1 % 0)", "1 ? 0 : 1 / 0", "0 ? 1 % 0 : 0"})
  void find_divisionByZeroThatDoesNotCount_isNoError(String expression) throws Exception {
    assertFound(node("<(0x7f000 + (" + expression + ")) 0x1000>"), 0x7f000, 0x1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 && 1 / 0", "0 || 1 % 0", "0 ? 0 : 1 / 0"})
  void find_divisionByZero_isRefused(String expression) {
    assertRefused(node("<(0x7f000 + (" + expression + ")) 0x1000>"), Reason.BAD_REG);
  }

  @Test
  void find_overriddenByReference_isTheLastReg() throws Exception {
    assertFound(OVERLAY + "&credentials_partition { reg = <0xfb000 0x2000>; };", 0xfb000, 0x2000);
    assertFound(OVERLAY + "& credentials_partition { };".replace("& ", "&"), 0x7f000, 0x1000);
    assertFound(OVERLAY + "&credentials_partition{status=\"okay\";};", 0x7f000, 0x1000);
  }

  @Test
  void find_deletedNode_isGone() throws Exception {
    String deleted = OVERLAY + "/delete-node/ &credentials_partition;\n";
    assertRefused(deleted, Reason.NO_PARTITION_NODE);
    assertFound(deleted + OVERLAY.replace("7f000", "fb000"), 0xfb000, 0x1000);
    assertFound(OVERLAY + "/delete-node/ &storage_partition;", 0x7f000, 0x1000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<0x7f000 DT_SIZE_K(4)> | 0x1000",
        "<0x7f000 DT_SIZE_K( 0x4 )> | 0x1000",
        "<0x7f000 DT_SIZE_M(1)> | 0x100000",
        "<520192 4096> | 0x1000",
        "<01770000 010000> | 0x1000", // octal, as in C
        "<0x7f000>, <0x1000> | 0x1000",
        "<DT_SIZE_K(508) 0x1000> | 0x1000",
        "<0X7F000 0X1000> | 0x1000",
      })
  void find_everySpellingOfReg_isRead(String reg, String size) throws Exception {
    assertFound(node(reg), 0x7f000, Integer.decode(size));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<>",
        "",
        "<0x7f000>",
        "<0 0x7f000 0x1000>",
        "<1 2>, <3 4>",
        "<0x7f000 SIZE>",
        "<x 0x1000>",
        "<0x7f000 0x1000> x",
        "\"0x7f000 0x1000\"",
        "<09 0x1000>",
        "<0x 0x1000>",
        "<-1 0x1000>",
        "<0x7f000 65>",
        "<0x7f000 0x1000001>",
        "<0x100000000 0x1000>",
        "<0xfffff001 0x1000>",
        "<0x7f000 0x80001000>",
        "<0x7f000 0x100001000>",
        "<0xfffffffffffffffff 0x1000>",
        "<0x7f000 DT_SIZE_K(0x7fffffffffffffff)>",
        "<0x7f000 DT_SIZE_G(1)>",
        "<0x7f000 DT_SIZE_K>",
      })
  void find_malformedReg_isRefused(String reg) {
    assertRefused(node(reg), Reason.BAD_REG);
  }

  @Test
  void message_refusal_tellsWhatToLookFor() {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> Devicetree.findCredentialPartition("/ { };"))
        .withMessageContainingAll("credentials_partition", "lwm2m-credentials");
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> Devicetree.findCredentialPartition(node("<0x7f000 65>")))
        .withMessageContainingAll("<0x7f000 65>", "66 to");
  }
}
