package io.github.lwm2mcreds.partition;

import java.util.Locale;

/**
 * The location of the credential partition in a device's flash.
 *
 * @param address the address of its first byte, 0 to 0xFFFFFFFF
 * @param size its length in bytes, at least 66; a multiple of the flash's erase size
 */
public record PartitionLocation(long address, int size) {
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
   * @throws IllegalArgumentException if the partition is too small or too large, or is not within
   *     32-bit addresses
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
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "0x%x (0x%x bytes)", address, size);
  }
}
