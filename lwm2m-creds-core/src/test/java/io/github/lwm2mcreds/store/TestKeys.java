package io.github.lwm2mcreds.store;

import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Wrapping keys and store keys for tests. */
final class TestKeys {
  private TestKeys() {}

  static SecretKey aes(int value) {
    return new SecretKeySpec(bytes(value), "AES");
  }

  static byte[] bytes(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return key;
  }
}
