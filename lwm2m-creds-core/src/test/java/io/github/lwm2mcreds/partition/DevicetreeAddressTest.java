// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a partition lies by the nodes around it. The addresses are those of real devices, by
 * Zephyr's devicetrees of their SoCs: STM32 has its flash at 0x08000000, behind a controller with
 * registers of its own; nRF91 has a flash controller in a peripheral region with ranges.
 */
class DevicetreeAddressTest {
  private static final String CREDENTIALS =
      "credentials_partition: partition@7f000 { label = \"lwm2m-credentials\";"
          + " reg = <0x7f000 0x1000>; };";

  private static PartitionLocation location(String nodes) throws Exception {
    return Devicetree.findCredentialPartition("/ { " + nodes + " };");
  }

  private static void assertRefused(Reason reason, String nodes, String message) {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> location(nodes))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static String stm32(String flash, String partitions) {
    return "soc { ranges; flash-controller@40022000 { reg = <0x40022000 0x400>;"
        + " flash0: flash@8000000 { compatible = \"soc-nv-flash\"; reg = <0x08000000 0x80000>; "
        + flash
        + " partitions { compatible = \"fixed-partitions\"; #address-cells = <1>; #size-cells ="
        + " <1>;"
        + partitions
        + CREDENTIALS
        + " }; }; }; };";
  }

  @Test
  void find_flashThatDoesNotBeginAtZero_isAdded() throws Exception {
    PartitionLocation expected = new PartitionLocation(0x0807f000, 0x1000, 0x08000000);
    assertThat(location(stm32("", ""))).isEqualTo(expected);
    assertThat(location(stm32("", "")).offset()).isEqualTo(0x7f000);
  }

  @Test
  void find_mappedPartitions_areTranslated() throws Exception {
    assertThat(location(stm32("ranges = <0x0 0x08000000 0x80000>;", "ranges;")))
        .isEqualTo(new PartitionLocation(0x0807f000, 0x1000, 0x08000000));
    assertRefused(
        Reason.BAD_REG, stm32("ranges = <0x0 0x08000000 0x7f000>;", "ranges;"), "no range has");
  }

  /** Linux and Zephyr translate an address only where each node up to the flash has ranges. */
  @Test
  void find_partitionsWithoutRangesInAFlashWithRanges_areNotTranslated() throws Exception {
    assertThat(location(stm32("ranges = <0x0 0x09000000 0x80000>;", "ranges;")))
        .isEqualTo(new PartitionLocation(0x0907f000, 0x1000, 0x08000000));
    assertThat(location(stm32("ranges = <0x0 0x09000000 0x80000>;", "")))
        .isEqualTo(new PartitionLocation(0x0807f000, 0x1000, 0x08000000));
  }

  @Test
  void find_flashInABusWithRanges_isTranslated() throws Exception {
    String nodes =
        "soc { ranges = <0x0 0x50000000 0x10000000>; flash@1000000 {"
            + " reg = <0x1000000 0x100000>; partitions { "
            + CREDENTIALS
            + "}; }; };";
    assertThat(location(nodes)).isEqualTo(new PartitionLocation(0x5107f000, 0x1000, 0x51000000));
  }

  @Test
  void find_controllerWithoutRanges_isNotTranslated() throws Exception {
    String nodes =
        "soc { ranges; peripheral@40000000 { ranges = <0x0 0x40000000 0x10000000>;"
            + " flash-controller@39000 { reg = <0x39000 0x1000>;"
            + " flash@0 { reg = <0x0 0x100000>; partitions { "
            + CREDENTIALS
            + "}; }; }; }; };";
    assertThat(location(nodes)).isEqualTo(new PartitionLocation(0x7f000, 0x1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ranges = <0x0 0x70000 0x10000>;"})
  void find_partitionInAPartition_countsFromIt(String ranges) throws Exception {
    String nodes =
        "soc { flash@0 { reg = <0 0x80000>; partitions { factory: partition@70000 {"
            + " compatible = \"fixed-subpartitions\"; reg = <0x70000 0x10000>; "
            + ranges
            + CREDENTIALS.replace("7f000", "f000")
            + "}; }; }; };";
    assertThat(location(nodes)).isEqualTo(new PartitionLocation(0x7f000, 0x1000));
  }

  @Test
  void find_addressOfTwoCells_isRead() throws Exception {
    String nodes =
        "flash@0 { reg = <0 0x100000>; partitions { #address-cells = <2>; #size-cells = <1>;"
            + CREDENTIALS.replace("<0x7f000", "<0 0x7f000")
            + "}; };";
    assertThat(location(nodes).address()).isEqualTo(0x7f000);
    assertRefused(
        Reason.BAD_REG, nodes.replace("<0 0x7f000", "<1 0x7f000"), "is not within 32 bits");
    assertRefused(Reason.BAD_REG, nodes.replace("<2>", "<1>"), "one address and one size");
  }

  @Test
  void find_partitionBeyondItsFlash_isRefused() {
    assertRefused(
        Reason.BAD_REG, stm32("", "").replace("<0x7f000", "<0x80000"), "beyond the 0x80000 bytes");
    assertRefused(
        Reason.BAD_REG,
        "flash@0 { reg = <0 0x80000>; partitions { partition@70000 { reg = <0x70000 0x10000>; "
            + CREDENTIALS
            + "}; }; };",
        "the partition around it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bus@40003000 { #address-cells = <1>; #size-cells = <0>; chip@0 { reg = <0>; ",
        "bus@40003000 { #address-cells = <0x1>; #size-cells = < 0x0 >; chip@0 { reg = <0>; ",
        "spi@40003000 { #address-cells = <1>; #size-cells = <0>; w25q: w25q32@0 { reg = <0>;",
        "mx25: mx25r6435f@0 { compatible = \"jedec,spi-nor\"; reg = <0 0x800000>;",
        "qspi@40029000 { mx25r64@0 { reg = <0 0x800000>;",
        "a@0 { compatible = \"nordic,nrf-qspi\"; flash@0 { reg = <0 0x800000>;",
        "ext: flash@90000000 { compatible = \"st,stm32-qspi-nor\"; reg = <0x90000000 0x1000000>;",
        "flash@60000000 { compatible = \"nxp,imx-flexspi-nor\"; reg = <0x60000000 0x1000000>;",
        "sim: flash@0 { compatible = \"zephyr,sim-flash\"; reg = <0 0x100000>;",
      })
  void find_flashThatTheCpuDoesNotMap_isRefused(String flash) {
    String close = "};".repeat((int) flash.chars().filter(c -> c == '{').count());
    assertRefused(
        Reason.UNKNOWN_FLASH, flash + "partitions { " + CREDENTIALS + " };" + close, "external");
    assertRefused(Reason.UNKNOWN_FLASH, flash + CREDENTIALS + close, "external");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&mx25r64 { partitions { %s }; };",
        "&flash1 { %s };",
        "&storage { %s };",
        "&credentials_partition { reg = <0x1000 0x1000>; };",
      })
  void find_flashThatIsNotInTheFiles_isRefused(String overlay) {
    assertThatExceptionOfType(FlashImageException.class)
        .isThrownBy(() -> Devicetree.findCredentialPartition(overlay.formatted(CREDENTIALS)))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_FLASH));
  }

  @Test
  void find_disabledPartitionOrFlash_isRefused() {
    assertRefused(
        Reason.UNKNOWN_FLASH, stm32("status = \"disabled\";", ""), "flash@8000000 is not okay");
    assertRefused(
        Reason.UNKNOWN_FLASH,
        stm32("", "").replace("{ label", "{ status = \"reserved\"; label"),
        "partition@7f000 is not okay");
  }
}
