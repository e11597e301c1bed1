package io.github.lwm2mcreds.partition;

import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Bytes at 32-bit addresses, with holes. */
final class SparseImage {
  private static final int BLOCK = 0x1000;

  private static final class Block {
    final byte[] bytes = new byte[BLOCK];
    final BitSet present = new BitSet(BLOCK);
  }

  private final TreeMap<Long, Block> blocks = new TreeMap<>();

  /** Sets a byte; false if it had another value before. */
  boolean set(long address, byte value) {
    Block block = blocks.computeIfAbsent(address / BLOCK, key -> new Block());
    int index = (int) (address % BLOCK);
    if (block.present.get(index)) {
      return block.bytes[index] == value;
    }
    block.bytes[index] = value;
    block.present.set(index);
    return true;
  }

  /** Reads bytes; empty if one of them is missing. */
  Optional<byte[]> read(long address, int length) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      long at = address + i;
      Block block = blocks.get(at / BLOCK);
      if (block == null || !block.present.get((int) (at % BLOCK))) {
        return Optional.empty();
      }
      out[i] = block.bytes[(int) (at % BLOCK)];
    }
    return Optional.of(out);
  }

  /** The lowest address with a byte. */
  OptionalLong lowestAddress() {
    return blocks.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(
            blocks.firstKey() * BLOCK + blocks.firstEntry().getValue().present.nextSetBit(0));
  }

  /** How many addresses have a byte. */
  long size() {
    return blocks.values().stream().mapToLong(block -> block.present.cardinality()).sum();
  }
}
