// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.SecretBytes;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/** Bytes at 32-bit addresses, with holes; overwritten when it is closed. */
final class SparseImage implements AutoCloseable {
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
    return SecretBytes.useAndWipe(
        new byte[length], out -> copy(address, out) ? Optional.of(out.clone()) : Optional.empty());
  }

  private boolean copy(long address, byte[] out) {
    for (int i = 0; i < out.length; i++) {
      long at = address + i;
      Block block = blocks.get(at / BLOCK);
      if (block == null || (block.present >>> at % BLOCK & 1) == 0) {
        return false;
      }
      out[i] = block.bytes[(int) (at % BLOCK)];
    }
    return true;
  }

  /** The lowest address with a byte, of which there must be one. */
  long lowestAddress() {
    return blocks.firstKey() * BLOCK
        + Long.numberOfTrailingZeros(blocks.firstEntry().getValue().present);
  }

  /** How many addresses have a byte. */
  long size() {
    return blocks.values().stream().mapToLong(block -> Long.bitCount(block.present)).sum();
  }

  @Override
  public void close() {
    blocks.values().forEach(block -> Arrays.fill(block.bytes, (byte) 0));
  }
}
