// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.DtsNode.Property;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Computes where a partition lies for the CPU, by the nodes that it is in: partitions within
 * partitions, the flash, and the buses up to the CPU. As in Zephyr, the address of a partition
 * counts from its flash, and a node without {@code ranges} is not translated further.
 */
final class DtsAddress {
  /** What a node says about its own place: some bytes from an address on, in its parent's terms. */
  private record Region(long address, long size) {}

  private static final Set<String> OKAY = Set.of("okay", "ok");

  private final DtsNode partition;
  private final DtsPlace place;
  private long address;
  private long size;
  private long flashBase;
  private boolean baseIsUnknown;

  private DtsAddress(DtsNode partition, DtsPlace place) {
    this.partition = partition;
    this.place = place;
  }

  /** Computes the place of a partition, which has a {@code reg}. */
  static DtsFound of(DtsNode partition) throws FlashImageException {
    DtsPlace place = partition.property("reg").orElseThrow().place();
    DtsAddress address = new DtsAddress(partition, place);
    address.compute();
    try {
      PartitionLocation location =
          new PartitionLocation(address.address, Math.toIntExact(address.size), address.flashBase);
      return new DtsFound(location, place, address.baseIsUnknown, partition.isAnchored());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw DtsCells.of(partition.property("reg").orElseThrow()).bad(e.getMessage());
    }
  }

  private void compute() throws FlashImageException {
    requireEnabled(partition);
    Region own = region(partition);
    address = own.address;
    size = own.size;
    DtsNode node = partition.parent();
    while (node != null && DtsFlash.isWithin(node)) {
      enterPartition(node);
      node = node.parent();
    }
    if (node == null) {
      throw unknownFlash("the devicetree does not say in which flash the partition is");
    }
    Optional<String> unmapped = DtsFlash.whyNotMapped(node);
    if (unmapped.isPresent()) {
      throw unknownFlash(unmapped.get());
    }
    if (!node.isRoot() && (node != partition.parent() || DtsFlash.isFlash(node))) {
      enterFlash(node);
      node = node.parent();
    }
    translateThroughBuses(node);
  }

  private void enterPartition(DtsNode node) throws FlashImageException {
    if (node.has("ranges")) {
      translate(node);
    } else if (node.has("reg")) {
      Region outer = region(node);
      requireFits(outer, "the partition around it");
      address += outer.address;
    }
  }

  private void enterFlash(DtsNode flash) throws FlashImageException {
    requireEnabled(flash);
    Optional<Region> region = flashRegion(flash);
    baseIsUnknown = region.isEmpty();
    flashBase = region.map(Region::address).orElse(0L);
    if (flash.has("ranges") && DtsFlash.isTranslated(partition, flash)) {
      translate(flash);
      return;
    }
    if (region.isPresent() && region.get().size > 0) {
      requireFits(region.get(), "its flash");
    }
    address += flashBase;
  }

  /** Returns the flash's own place; empty if only the board's devicetree has it. */
  private static Optional<Region> flashRegion(DtsNode flash) throws FlashImageException {
    if (flash.has("reg")) {
      return Optional.of(region(flash));
    }
    String unit = flash.unitAddress();
    return unit.matches("[0-9a-fA-F]{1,8}")
        ? Optional.of(new Region(Long.parseLong(unit, 16), 0))
        : Optional.empty();
  }

  private void translateThroughBuses(DtsNode bus) throws FlashImageException {
    for (DtsNode node = bus; node != null && node.has("ranges"); node = node.parent()) {
      if (hasNonEmptyRanges(node)) {
        long inside = address;
        translate(node);
        flashBase = Math.max(0, flashBase + address - inside);
      }
    }
  }

  private static boolean hasNonEmptyRanges(DtsNode node) {
    return node.property("ranges").filter(p -> !p.value().isEmpty()).isPresent();
  }

  /** Translates the address from the children of a node to the children of its parent. */
  private void translate(DtsNode node) throws FlashImageException {
    Property property = node.property("ranges").orElseThrow();
    if (property.value().isEmpty()) {
      return;
    }
    DtsCells cells = DtsCells.of(property);
    int child = cellCount(node, "#address-cells");
    int parent = node.parent() == null ? 1 : cellCount(node.parent(), "#address-cells");
    int length = cellCount(node, "#size-cells");
    int each = child + parent + length;
    if (cells.size() % each != 0) {
      throw cells.bad("its ranges must have " + each + " numbers each");
    }
    for (int i = 0; i < cells.size(); i += each) {
      long from = cells.number(i, child);
      long count = cells.number(i + child + parent, length);
      if (address >= from && address + size <= from + count) {
        address += cells.number(i + child, parent) - from;
        return;
      }
    }
    throw cells.bad(String.format(Locale.ROOT, "no range has 0x%x of 0x%x bytes", address, size));
  }

  private static Region region(DtsNode node) throws FlashImageException {
    DtsCells cells = DtsCells.of(node.property("reg").orElseThrow());
    DtsNode parent = node.parent();
    int addressCells = parent == null ? 1 : cellCount(parent, "#address-cells");
    int sizeCells = parent == null ? 1 : cellCount(parent, "#size-cells");
    if (cells.size() != addressCells + sizeCells) {
      throw cells.bad("it must be one address and one size");
    }
    return new Region(cells.number(0, addressCells), cells.number(addressCells, sizeCells));
  }

  /** An overlay does not repeat these; with addresses of 32 bits, they are 1. */
  private static int cellCount(DtsNode node, String property) throws FlashImageException {
    Optional<Property> count = node.property(property);
    if (count.isEmpty()) {
      return 1;
    }
    DtsCells cells = DtsCells.of(count.get());
    if (cells.size() != 1 || cells.number(0, 1) > 2) {
      throw cells.bad(property + " must be 0, 1 or 2");
    }
    return (int) cells.number(0, 1);
  }

  private void requireFits(Region outer, String what) throws FlashImageException {
    if (address + size > outer.size) {
      throw place.refusal(
          Reason.BAD_REG,
          String.format(
              Locale.ROOT,
              "the partition at 0x%x, 0x%x bytes, reaches beyond the 0x%x bytes of %s",
              address,
              size,
              outer.size,
              what));
    }
  }

  private void requireEnabled(DtsNode node) throws FlashImageException {
    List<String> status = node.strings("status");
    if (!status.isEmpty() && !OKAY.contains(status.get(0))) {
      String name = Printable.escape(DtsNumber.shortened(node.name()));
      throw place.refusal(Reason.UNKNOWN_FLASH, "the status of " + name + " is not okay");
    }
  }

  private FlashImageException unknownFlash(String what) {
    return place.refusal(Reason.UNKNOWN_FLASH, what);
  }
}
