// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static io.github.lwm2mcreds.partition.CredentialPartition.SIZE;

import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Writes and reads the files that carry a credential partition to a device's flash and back. */
public final class FlashImage {
  private static final byte ERASED = (byte) 0xff;

  /** The format of a file. */
  public enum Format {
    /** The 66 bytes alone; the flash tool needs the address. */
    RAW,
    /**
     * The whole partition, padded with 0xFF like erased flash; the flash tool needs the address.
     */
    PAGE,
    /** Intel HEX, which contains the address. */
    HEX
  }

  private FlashImage() {}

  /**
   * Returns the content of a file with a partition.
   *
   * @param format the format of the file; {@link Format#RAW} ignores the location
   * @param partition 66 bytes; not kept
   * @param location where the partition is in flash
   * @return the file's bytes, with the device token in clear
   * @throws IllegalArgumentException if there are not exactly 66 bytes
   */
  public static byte[] encode(Format format, byte[] partition, PartitionLocation location) {
    if (partition.length != SIZE) {
      throw new IllegalArgumentException(
          "a credential partition has " + SIZE + " bytes, not " + partition.length);
    }
    return switch (format) {
      case RAW -> partition.clone();
      case PAGE -> {
        byte[] page = new byte[location.size()];
        Arrays.fill(page, ERASED);
        System.arraycopy(partition, 0, page, 0, SIZE);
        yield page;
      }
      case HEX -> IntelHex.encode(location.address(), partition);
    };
  }

  /**
   * Returns the partition in a file that needs no location: the 66 bytes alone, a page of 0x1000
   * bytes that begins with them, or Intel HEX that contains only one of these.
   *
   * @param file the file's bytes; not kept
   * @return the partition's 66 bytes, unchecked
   * @throws FlashImageException if the file is damaged, has no partition, or needs a location
   */
  public static byte[] decode(byte[] file) throws FlashImageException {
    return decode(file, Optional.empty());
  }

  /**
   * Returns the partition in a file: Intel HEX, a dump of the flash from address 0 or, if the
   * location is beyond the end of the file, the 66 bytes alone or a page that begins with them.
   *
   * @param file the file's bytes; not kept
   * @param location where the partition is in flash
   * @return the partition's 66 bytes, unchecked
   * @throws FlashImageException if the file is damaged or has no partition there
   */
  public static byte[] decode(byte[] file, PartitionLocation location) throws FlashImageException {
    return decode(file, Optional.of(location));
  }

  static byte[] decode(byte[] file, Optional<PartitionLocation> location)
      throws FlashImageException {
    Optional<String> other = FileKind.describe(file);
    if (other.isPresent()) {
      throw new FlashImageException(Reason.UNSUPPORTED_FILE, "this is " + other.get());
    }
    int pageSize = location.map(PartitionLocation::size).orElse(PartitionLocation.DEFAULT_SIZE);
    if (isIntelHex(file, pageSize)) {
      return decodeHex(file, location);
    }
    if (file.length < SIZE) {
      throw new FlashImageException(
          Reason.INCOMPLETE,
          "a credential partition has " + SIZE + " bytes; the file has " + file.length);
    }
    if (location.isPresent() && location.get().offset() <= file.length - SIZE) {
      int offset = (int) location.get().offset();
      return Arrays.copyOfRange(file, offset, offset + SIZE);
    }
    if (file.length == SIZE || file.length == pageSize) {
      return Arrays.copyOf(file, SIZE);
    }
    PartitionLocation at =
        location.orElseThrow(() -> locationNeeded("a flash dump of " + file.length + " bytes"));
    throw new FlashImageException(
        Reason.INCOMPLETE,
        String.format(
            Locale.ROOT,
            "the flash dump ends at 0x%x, before the end of the partition at 0x%x; a dump that does"
                + " not begin at 0x%x needs the offset in it as the address",
            at.flashBase() + file.length,
            at.address(),
            at.flashBase()));
  }

  /**
   * Returns whether a file is a dump of a flash, or Intel HEX, that has all bytes of a partition at
   * a location. The 66 bytes alone, and a page, are no dump: they could be from any location.
   *
   * @param file the file's bytes; not kept
   * @param location where the partition is in flash
   * @return whether {@link #decode(byte[], PartitionLocation)} reads it there and nowhere else
   */
  public static boolean covers(byte[] file, PartitionLocation location) {
    try {
      Arrays.fill(decode(file, location), (byte) 0);
    } catch (FlashImageException e) {
      return false;
    }
    return isIntelHex(file, location.size())
        || file.length != SIZE
            && file.length != location.size()
            && location.offset() <= file.length - SIZE;
  }

  /** Whether this is Intel HEX, even damaged: that must be refused, not read as a dump. */
  private static boolean isIntelHex(byte[] file, int pageSize) {
    boolean colon = file.length > 0 && file[0] == ':';
    long notText = countNotText(file);
    if (file.length <= SIZE || file.length == pageSize) {
      return colon && notText == 0; // a partition whose endpoint begins with a colon has NULs
    }
    return colon || notText * SIZE < file.length;
  }

  private static long countNotText(byte[] file) {
    long count = 0;
    for (byte b : file) {
      if ((b < ' ' || b > '~') && b != '\n' && b != '\r' && b != '\t') {
        count++;
      }
    }
    return count;
  }

  private static byte[] decodeHex(byte[] file, Optional<PartitionLocation> location)
      throws FlashImageException {
    if (!FileKind.hasRecords(file)) {
      throw new FlashImageException(
          Reason.UNSUPPORTED_FILE, "this is " + FileKind.describeText(file));
    }
    try (SparseImage image = new SparseImage()) {
      IntelHex.decode(file, image);
      long address = location.isPresent() ? location.get().address() : onlyAddress(image);
      return image
          .read(address, SIZE)
          .orElseThrow(
              () ->
                  new FlashImageException(
                      Reason.INCOMPLETE,
                      String.format(
                          Locale.ROOT,
                          "the Intel HEX file does not contain all %d bytes at 0x%x",
                          SIZE,
                          address)));
    }
  }

  private static long onlyAddress(SparseImage image) throws FlashImageException {
    if (image.size() != SIZE && image.size() != PartitionLocation.DEFAULT_SIZE) {
      throw locationNeeded("Intel HEX of " + image.size() + " bytes");
    }
    return image.lowestAddress();
  }

  private static FlashImageException locationNeeded(String what) {
    return new FlashImageException(
        Reason.LOCATION_NEEDED,
        what + " does not tell where the partition is; give the board or the address");
  }
}
