package io.github.lwm2mcreds.partition;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Bytes at 32-bit addresses, with holes. */
final class SparseImage {
  private static final int BLOCK = Long.SIZE;

  private static final class Block {
    final byte[] bytes = new byte[BLOCK];
    long present; // a bit for each byte
  }

  private final TreeMap<Long, Block> blocks = new TreeMap<>();

  /** Sets a byte; false if it had another value before. */
  boolean set(long address, byte value) {
    Block block = blocks.computeIfAbsent(address / BLOCK, key -> new Block());
    int index = (int) (address % BLOCK);
    if ((block.present >>> index & 1) != 0) {
      return block.bytes[index] == value;
    }
    block.bytes[index] = value;
    block.present |= 1L << index;
    return true;
  }

  /** Reads bytes; empty if one of them is missing. */
  Optional<byte[]> read(long address, int length) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      long at = address + i;
      Block block = blocks.get(at / BLOCK);
      if (block == null || (block.present >>> at % BLOCK & 1) == 0) {
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
            blocks.firstKey() * BLOCK
                + Long.numberOfTrailingZeros(blocks.firstEntry().getValue().present));
  }

  /** How many addresses have a byte. */
  long size() {
    return blocks.values().stream().mapToLong(block -> Long.bitCount(block.present)).sum();
  }
}
