package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * Credentials for tests. Every byte of a key follows from its owner's number and its first eight
 * bytes, so that a key that is torn, wiped or another device's gives itself away.
 */
final class TestCredentials {
  private TestCredentials() {}

  static DeviceCredential credential(String endpoint, String identity, int key) {
    return DeviceCredential.of(endpoint, PskIdentity.of(identity), key(key));
  }

  static DeviceCredential credential(String endpoint, int key) {
    return DeviceCredential.of(endpoint, key(key));
  }

  static PreSharedKey key(int number) {
    return PreSharedKey.copyOf(keyBytes(0, number, 16));
  }

  static byte[] keyBytes(int owner, long version, int length) {
    byte[] tail = new byte[length - Long.BYTES];
    new Random(owner * 0x9e3779b97f4a7c15L ^ version).nextBytes(tail);
    return ByteBuffer.allocate(length).putLong(version).put(tail).array();
  }

  /** Whether a key is whole and its owner's. */
  static boolean isKeyOf(int owner, byte[] key) {
    return Arrays.equals(key, keyBytes(owner, ByteBuffer.wrap(key).getLong(), key.length));
  }
}
