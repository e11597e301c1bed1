// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * The credential partition in a UF2 file, which is copied onto a board's USB drive. Blocks of other
 * addresses or families are passed over when it is read. Microsoft's "USB Flashing Format (UF2)".
 */
record Uf2Format(PartitionLocation location, int family) implements DeviceFormat {
  static final String NAME = "uf2";

  private static final int BLOCK = 512;
  private static final int HEADER = 32;
  private static final int MAX_PAYLOAD = 476;
  private static final int PAYLOAD = 256;
  private static final int MAGIC_0 = 0x0a324655;
  private static final int MAGIC_1 = 0x9e5d5157;
  private static final int MAGIC_END = 0x0ab16f30;
  private static final int NOT_FLASH = 0x1001; // not main flash, or a file of a container
  private static final int FAMILY_PRESENT = 0x2000;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte[] encode(DeviceCredential credential) {
    byte[] file = new byte[BLOCK];
    ByteBuffer block = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    block.putInt(MAGIC_0).putInt(MAGIC_1).putInt(FAMILY_PRESENT);
    block.putInt((int) location.address()).putInt(PAYLOAD).putInt(0).putInt(1).putInt(family);
    Arrays.fill(file, HEADER, HEADER + PAYLOAD, (byte) 0xff);
    SecretBytes.useAndWipe(CredentialPartition.encode(credential), block::put);
    block.putInt(BLOCK - 4, MAGIC_END);
    return file;
  }

  @Override
  public DeviceCredential decode(byte[] file) throws DeviceFormatException {
    if (file.length == 0 || file.length % BLOCK != 0) {
      throw new DeviceFormatException(
          Reason.WRONG_LENGTH, file.length, "a UF2 file is one or more blocks of 512 bytes");
    }
    byte[] partition = new byte[CredentialPartition.SIZE];
    try {
      int[] offsets = new int[partition.length]; // where each byte is in the file, plus one
      ByteBuffer blocks = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < file.length; at += BLOCK) {
        read(blocks, at, partition, offsets);
      }
      requireAll(offsets, file.length);
      return PartitionFormat.decode(partition, offsets[0] - 1);
    } finally {
      Arrays.fill(partition, (byte) 0);
    }
  }

  private void read(ByteBuffer file, int at, byte[] partition, int[] offsets)
      throws DeviceFormatException {
    requireMagic(file, at, MAGIC_0);
    requireMagic(file, at + 4, MAGIC_1);
    requireMagic(file, at + BLOCK - 4, MAGIC_END);
    int size = file.getInt(at + 16);
    if (size < 0 || size > MAX_PAYLOAD) {
      throw new DeviceFormatException(
          Reason.MALFORMED, at + 16, "a UF2 block holds at most " + MAX_PAYLOAD + " bytes");
    }
    int flags = file.getInt(at + 8);
    boolean isOurs = (flags & FAMILY_PRESENT) == 0 || file.getInt(at + 28) == family;
    if (isOurs && (flags & NOT_FLASH) == 0) {
      long first = (file.getInt(at + 12) & 0xffffffffL) - location.address();
      copy(file.array(), at + HEADER, first, size, partition, offsets);
    }
  }

  private static void copy(
      byte[] file, int from, long first, int size, byte[] partition, int[] offsets)
      throws DeviceFormatException {
    for (int i = 0; i < size; i++) {
      long index = first + i;
      if (index >= 0 && index < partition.length) {
        int to = (int) index;
        if (offsets[to] != 0 && partition[to] != file[from + i]) {
          throw new DeviceFormatException(
              Reason.AMBIGUOUS, from + i, "two blocks write different bytes to one address");
        }
        partition[to] = file[from + i];
        offsets[to] = from + i + 1;
      }
    }
  }

  private static void requireMagic(ByteBuffer file, int at, int magic)
      throws DeviceFormatException {
    if (file.getInt(at) != magic) {
      throw new DeviceFormatException(
          Reason.MALFORMED,
          at,
          String.format(Locale.ROOT, "a UF2 block has the magic number 0x%08x here", magic));
    }
  }

  private void requireAll(int[] offsets, int end) throws DeviceFormatException {
    for (int offset : offsets) {
      if (offset == 0) {
        throw new DeviceFormatException(
            Reason.MISSING,
            end,
            String.format(
                Locale.ROOT,
                "no block for the family 0x%08x contains all %d bytes at 0x%x",
                family,
                offsets.length,
                location.address()));
      }
    }
  }
}
