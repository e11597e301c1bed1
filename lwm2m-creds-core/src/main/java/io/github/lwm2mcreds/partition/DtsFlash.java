// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognises the nodes of flash memories, and those that the CPU does not map. */
final class DtsFlash {
  /** The label that every SoC in Zephyr gives the flash its CPU starts from. */
  private static final String INTERNAL = "&flash0";

  private static final Pattern MEMORY = Pattern.compile("flash|rram|mram|nvm|code_flash|eflash");
  private static final Pattern BUS =
      Pattern.compile(
          "(?:.*[,_-])?(?:[qom]?spi[a-z0-9]*|[ox]spi|quadspi|octospi|flexspi|hyper(?:bus|flash)|"
              + "nand|nor|eeprom|i2c|i3c|at45|at25|sdhc|sdmmc|mmc|sim)(?:[,_-].*)?");

  /** As people write it, and as dtc does. */
  private static final Pattern ZERO = Pattern.compile("0|0[xX]0+");

  private DtsFlash() {}

  /** Whether it is the node that holds the partitions of a flash. */
  static boolean isContainer(DtsNode node) {
    return node.baseName().equals("partitions")
        || node.strings("compatible").stream()
            .anyMatch(c -> c.equals("fixed-partitions") || c.equals("fixed-subpartitions"));
  }

  /** Whether it is a partition, or the node that holds the partitions of a flash. */
  static boolean isWithin(DtsNode node) {
    return isContainer(node)
        || node.baseName().equals("partition")
        || node.parent() != null && isContainer(node.parent());
  }

  /** Whether a node that has a partition directly is a flash, not a bus. */
  static boolean isFlash(DtsNode node) {
    return node.isReference()
        || node.has("reg")
        || MEMORY.matcher(node.baseName()).matches()
        || node.strings("compatible").contains("soc-nv-flash");
  }

  /** Whether every node from a partition to its flash translates addresses. */
  static boolean isTranslated(DtsNode partition, DtsNode flash) {
    for (DtsNode node = partition.parent(); node != null && node != flash; node = node.parent()) {
      if (!node.has("ranges")) {
        return false;
      }
    }
    return true;
  }

  /** Returns why the CPU does not see the flash among its addresses; empty if it does. */
  static Optional<String> whyNotMapped(DtsNode flash) {
    if (flash.isReference() && !flash.name().equals(INTERNAL)) {
      return Optional.of(
          "the devicetree does not say what " + name(flash) + " is, in which the partition is");
    }
    for (DtsNode node = flash; node != null && !node.isRoot(); node = node.parent()) {
      if (isBus(node)) {
        return Optional.of(
            "the partition is on the external flash "
                + name(flash)
                + ", which flash tools do not find at an address of the CPU");
      }
    }
    return Optional.empty();
  }

  private static boolean isBus(DtsNode node) {
    List<String> compatible = node.strings("compatible");
    boolean selects =
        node.property("#size-cells")
            .filter(
                size -> size.value().stream().anyMatch(cell -> ZERO.matcher(cell.text()).matches()))
            .isPresent();
    return selects
        || BUS.matcher(node.baseName()).matches()
        || compatible.stream().anyMatch(name -> BUS.matcher(name).matches());
  }

  private static String name(DtsNode node) {
    return Printable.escape(DtsNumber.shortened(node.name()));
  }
}
