// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Wrapping keys and sealing keys for tests. */
public final class TestKeys {
  private TestKeys() {}

  public static SecretKey aes(int value) {
    return new SecretKeySpec(bytes(value), "AES");
  }

  /** A wrapper with a key of its own. */
  public static KeyWrapper wrapper(int value) {
    return new SecretKeyWrapper(aes(value), "key " + value);
  }

  public static byte[] bytes(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return key;
  }
}
