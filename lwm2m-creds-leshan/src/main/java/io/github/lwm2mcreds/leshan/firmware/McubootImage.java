// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.firmware;

import io.github.lwm2mcreds.leshan.firmware.FirmwareImageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A firmware image for the boot loader MCUboot, which Zephyr's and dm-lwm2m's boards start: a
 * header, the program, and a trailer with the SHA-256 of both. The digest shows that an image is
 * whole; whose it is shows the signature, which the boot loader checks and this class does not.
 *
 * <p>The format is that of MCUboot's design document, sections "Image format" and "Protected TLVs".
 */
public final class McubootImage {
  /** The largest image that is taken, in bytes: as much flash as these devices have. */
  public static final int MAX_LENGTH = 4 << 20;

  private static final int MAGIC = 0x96f3b83d;
  private static final int HEADER_LENGTH = 32;
  private static final int TRAILER_MAGIC = 0x6907;
  private static final int PROTECTED_MAGIC = 0x6908;
  private static final int SHA_256 = 0x10;
  private static final int ENTRY_HEADER = 4;

  private final String version;
  private final byte[] sha256;
  private final int length;

  private McubootImage(String version, byte[] sha256, int length) {
    this.version = version;
    this.sha256 = sha256;
    this.length = length;
  }

  /**
   * Reads an image, and checks its digest.
   *
   * @param bytes all of it; not kept
   * @return what it says of itself
   * @throws FirmwareImageException if it is none, or is not as its trailer says
   */
  public static McubootImage read(byte[] bytes) throws FirmwareImageException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER_LENGTH || in.getInt(0) != MAGIC) {
      throw new FirmwareImageException(
          Reason.NOT_AN_IMAGE, "it is no MCUboot image: these begin with the bytes 3d b8 f3 96");
    }
    int header = Short.toUnsignedInt(in.getShort(8));
    int protectedLength = Short.toUnsignedInt(in.getShort(10));
    long program = Integer.toUnsignedLong(in.getInt(12));
    long end = header + program;
    long hashed = end + protectedLength;
    if (header < HEADER_LENGTH || hashed + ENTRY_HEADER > bytes.length) {
      throw new FirmwareImageException(
          Reason.TRUNCATED,
          "it has "
              + bytes.length
              + " bytes; its header and its trailer need more than "
              + Math.max(hashed, HEADER_LENGTH));
    }
    checkProtected(in, (int) end, protectedLength);
    byte[] told = digestIn(in, (int) hashed);
    byte[] found = sha256(bytes, (int) hashed);
    if (!Arrays.equals(told, found)) {
      throw new FirmwareImageException(
          Reason.OTHER_DIGEST,
          "its SHA-256 is "
              + hex(found)
              + ", and its trailer says "
              + hex(told)
              + ": it was altered");
    }
    return new McubootImage(version(in), found, bytes.length);
  }

  private static void checkProtected(ByteBuffer in, int at, int length)
      throws FirmwareImageException {
    boolean isGood =
        length == 0
            || length >= ENTRY_HEADER
                && Short.toUnsignedInt(in.getShort(at)) == PROTECTED_MAGIC
                && Short.toUnsignedInt(in.getShort(at + 2)) == length;
    if (!isGood) {
      throw malformed("protected trailer", at);
    }
  }

  private static FirmwareImageException malformed(String what, int at) {
    return new FirmwareImageException(
        Reason.NO_DIGEST, "its " + what + " at byte " + at + " is malformed");
  }

  private static byte[] digestIn(ByteBuffer in, int trailer) throws FirmwareImageException {
    int length = Short.toUnsignedInt(in.getShort(trailer + 2));
    int end = trailer + length;
    boolean isGood =
        Short.toUnsignedInt(in.getShort(trailer)) == TRAILER_MAGIC
            && length >= ENTRY_HEADER
            && end <= in.capacity();
    if (!isGood) {
      throw malformed("trailer", trailer);
    }
    for (int at = trailer + ENTRY_HEADER; at + ENTRY_HEADER <= end; ) {
      int type = Short.toUnsignedInt(in.getShort(at));
      int size = Short.toUnsignedInt(in.getShort(at + 2));
      int value = at + ENTRY_HEADER;
      if (value + size > end) {
        throw malformed("trailer", at);
      }
      if (type == SHA_256 && size == 32) {
        return Arrays.copyOfRange(in.array(), value, value + size);
      }
      at = value + size;
    }
    throw new FirmwareImageException(
        Reason.NO_DIGEST, "its trailer at byte " + trailer + " has no SHA-256");
  }

  private static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** As imgtool prints it: the build only if it has a number. */
  private static String version(ByteBuffer in) {
    int major = Byte.toUnsignedInt(in.get(20));
    int minor = Byte.toUnsignedInt(in.get(21));
    int revision = Short.toUnsignedInt(in.getShort(22));
    String build = Integer.toUnsignedString(in.getInt(24));
    return major + "." + minor + "." + revision + (build.equals("0") ? "" : "+" + build);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Returns the version in the header.
   *
   * @return such as {@code 1.4.2} or {@code 1.4.2+7}
   */
  public String version() {
    return version;
  }

  /**
   * Returns the digest of header, program and protected trailer.
   *
   * @return 64 hex digits in lower case
   */
  public String sha256() {
    return hex(sha256);
  }

  /**
   * Returns how long the image is.
   *
   * @return in bytes
   */
  public int length() {
    return length;
  }

  /**
   * Describes the image.
   *
   * @return its version, length and digest
   */
  @Override
  public String toString() {
    return "version " + version + ", " + length + " bytes, SHA-256 " + sha256();
  }
}
