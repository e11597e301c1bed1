// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.util.Locale;

/**
 * The location of the credential partition in a device's flash.
 *
 * @param address the address of its first byte, 0 to 0xFFFFFFFF, as the CPU and flash tools see it
 * @param size its length in bytes, at least 66; a multiple of the flash's erase size
 * @param flashBase the address at which the flash begins, and a dump of it: 0 on most devices,
 *     0x08000000 on STM32
 */
public record PartitionLocation(long address, int size, long flashBase) {
  /** The size of the partition on every board of dm-lwm2m: 0x1000. */
  public static final int DEFAULT_SIZE = 0x1000;

  /** The maximum size of a partition: 16 MiB. */
  public static final int MAX_SIZE = 1 << 24;

  private static final long ADDRESS_SPACE = 1L << 32;

  /**
   * Checks the ranges.
   *
   * @param address the address of its first byte, 0 to 0xFFFFFFFF
   * @param size its length in bytes, at least 66
   * @param flashBase the address at which its flash begins
   * @throws IllegalArgumentException if the partition is too small or too large, is not within
   *     32-bit addresses, or begins before its flash
   */
  public PartitionLocation {
    if (size < CredentialPartition.SIZE || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a credential partition must have %d to %d bytes, not %d",
              CredentialPartition.SIZE,
              MAX_SIZE,
              size));
    }
    if (address < 0 || address > ADDRESS_SPACE - size) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a partition of %d bytes at 0x%x is not within 32-bit addresses",
              size,
              address));
    }
    if (flashBase < 0 || flashBase > address) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the partition at 0x%x is not in a flash that begins at 0x%x",
              address,
              flashBase));
    }
  }

  /**
   * Creates the location in a flash that begins at address 0.
   *
   * @param address the address of its first byte, 0 to 0xFFFFFFFF
   * @param size its length in bytes, at least 66
   * @throws IllegalArgumentException if the partition is too small or too large, or is not within
   *     32-bit addresses
   */
  public PartitionLocation(long address, int size) {
    this(address, size, 0);
  }

  /**
   * Returns the distance from the beginning of the flash, which is where a dump of it has the
   * partition.
   *
   * @return the address less the flash's
   */
  public long offset() {
    return address - flashBase;
  }

  @Override
  public String toString() {
    String text = String.format(Locale.ROOT, "0x%x (0x%x bytes)", address, size);
    return flashBase == 0
        ? text
        : text + String.format(Locale.ROOT, " in flash from 0x%x", flashBase);
  }
}
