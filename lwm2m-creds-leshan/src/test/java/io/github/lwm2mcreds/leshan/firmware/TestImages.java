// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;

/** Makes images as MCUboot's imgtool does, without a signature. */
public final class TestImages {
  private TestImages() {}

  /** An image of a version with one figure in each place, and a program of random bytes. */
  public static byte[] image(int version, int programLength) {
    return image(version, programLength, new byte[0]);
  }

  static byte[] image(int version, int programLength, byte[] protectedTrailer) {
    byte[] program = new byte[programLength];
    new Random(version).nextBytes(program);
    ByteBuffer hashed =
        ByteBuffer.allocate(512 + programLength + protectedTrailer.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    hashed
        .putInt(0x96f3b83d)
        .putInt(0) // load address
        .putShort((short) 512) // length of the header
        .putShort((short) protectedTrailer.length)
        .putInt(programLength)
        .putInt(0) // flags
        .put((byte) version)
        .put((byte) 2)
        .putShort((short) 3)
        .putInt(4)
        .position(512);
    hashed.put(program).put(protectedTrailer);
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    image.writeBytes(hashed.array());
    image.writeBytes(trailer(sha256(hashed.array())));
    return image.toByteArray();
  }

  /** A key hash that is passed over, and the digest. */
  private static byte[] trailer(byte[] digest) {
    return ByteBuffer.allocate(4 + 4 + 32 + 4 + 32)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) 0x6907)
        .putShort((short) 76)
        .putShort((short) 0x01)
        .putShort((short) 32)
        .put(new byte[32])
        .putShort((short) 0x10)
        .putShort((short) 32)
        .put(digest)
        .array();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
