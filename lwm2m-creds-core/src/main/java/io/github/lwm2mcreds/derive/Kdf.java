// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import java.nio.ByteBuffer;

/** The standard key derivation functions. */
enum Kdf {
  HKDF_SHA256("HKDF-SHA256") {
    @Override
    byte[] derive(byte[] secret, byte[] labelAndEndpoint, int length) {
      return HmacSha256.hkdf(secret, labelAndEndpoint, length);
    }
  },
  COUNTER_MODE_HMAC_SHA256("SP 800-108 counter mode HMAC-SHA256") {
    @Override
    byte[] derive(byte[] secret, byte[] labelAndEndpoint, int length) {
      byte[] fixedInput =
          ByteBuffer.allocate(labelAndEndpoint.length + Integer.BYTES)
              .put(labelAndEndpoint)
              .putInt(length * Byte.SIZE)
              .array();
      return HmacSha256.counterMode(secret, fixedInput, length);
    }
  };

  private final String title;

  Kdf(String title) {
    this.title = title;
  }

  abstract byte[] derive(byte[] secret, byte[] labelAndEndpoint, int length);

  @Override
  public String toString() {
    return title;
  }
}
