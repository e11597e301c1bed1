// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Credentials for tests. Every byte of a key follows from its owner's number and its first eight
 * bytes, so that a key that is torn, wiped or another device's gives itself away.
 */
public final class TestCredentials {
  private TestCredentials() {}

  public static DeviceCredential credential(String endpoint, String identity, int key) {
    return DeviceCredential.of(endpoint, PskIdentity.of(identity), key(key));
  }

  public static DeviceCredential credential(String endpoint, int key) {
    return DeviceCredential.of(endpoint, key(key));
  }

  public static PreSharedKey key(int number) {
    return PreSharedKey.copyOf(keyBytes(0, number, 16));
  }

  public static byte[] keyBytes(int owner, long version, int length) {
    byte[] tail = new byte[length - Long.BYTES];
    new Random(owner * 0x9e3779b97f4a7c15L ^ version).nextBytes(tail);
    return ByteBuffer.allocate(length).putLong(version).put(tail).array();
  }

  /** What a store lists of a credential. */
  public static CredentialSummary summary(DeviceCredential credential) {
    return new CredentialSummary(
        credential.endpoint(),
        credential.pskIdentity(),
        Optional.of(credential.psk().checkValue()));
  }

  /** All that a store lists, in its order. */
  public static List<CredentialSummary> listed(CredentialStore store) {
    try (Stream<CredentialSummary> all = store.stream()) {
      return all.toList();
    }
  }

  /** Whether a key is whole and its owner's. */
  public static boolean isKeyOf(int owner, byte[] key) {
    return Arrays.equals(key, keyBytes(owner, ByteBuffer.wrap(key).getLong(), key.length));
  }
}
