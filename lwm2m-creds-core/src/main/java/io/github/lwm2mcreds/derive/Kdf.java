package io.github.lwm2mcreds.derive;

import java.nio.ByteBuffer;

/** The key derivation functions of standards. */
enum Kdf {
  HKDF_SHA256("HKDF-SHA256") {
    @Override
    void derive(byte[] secret, byte[] labelAndEndpoint, byte[] key) {
      BouncyCastle.hkdfSha256(secret, null, labelAndEndpoint, key);
    }
  },
  COUNTER_MODE_HMAC_SHA256("SP 800-108 counter mode HMAC-SHA256") {
    @Override
    void derive(byte[] secret, byte[] labelAndEndpoint, byte[] key) {
      byte[] fixedInput =
          ByteBuffer.allocate(labelAndEndpoint.length + Integer.BYTES)
              .put(labelAndEndpoint)
              .putInt(key.length * Byte.SIZE)
              .array();
      BouncyCastle.counterModeHmacSha256(secret, fixedInput, key);
    }
  };

  private final String title;

  Kdf(String title) {
    this.title = title;
  }

  /** Fills a key. */
  abstract void derive(byte[] secret, byte[] labelAndEndpoint, byte[] key);

  /** Fails while a factory tool or server starts, not at its first device. */
  static void requireLibrary() {
    try {
      Class.forName("org.bouncycastle.crypto.generators.KDFCounterBytesGenerator");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "Bouncy Castle is not on the class path, which derives the keys: add the artifact"
              + " org.bouncycastle:bcprov-jdk18on",
          e);
    }
  }

  @Override
  public String toString() {
    return title;
  }
}
