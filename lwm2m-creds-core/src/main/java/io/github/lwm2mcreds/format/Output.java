// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.SecretBytes;
import java.util.Arrays;

/** Collects a file's bytes, and overwrites its own copies of them when it grows or is closed. */
final class Output implements AutoCloseable {
  private byte[] bytes = new byte[512];
  private int length;

  Output put(byte[] more) {
    if (more.length > bytes.length - length) {
      byte[] larger = Arrays.copyOf(bytes, 2 * bytes.length + more.length);
      Arrays.fill(bytes, (byte) 0);
      bytes = larger;
    }
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  /** Puts secret bytes and overwrites the caller's array. */
  Output putAndWipe(byte[] secret) {
    return SecretBytes.useAndWipe(secret, this::put);
  }

  Output put(String ascii) {
    return put(ascii.getBytes(US_ASCII));
  }

  Output put(int octet) {
    return put(new byte[] {(byte) octet});
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }
}
