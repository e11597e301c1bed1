// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The random bytes of a run, as a function of its seed, so that a run that was stopped goes on with
 * the same keys: HMAC-SHA256 over a counter (NIST SP 800-108, counter mode) under 256 random bits.
 */
final class LotKeys {
  static final int SEED_LENGTH = 32;

  private static final int KEY_LENGTH = 16;
  private static final byte[] LABEL = "lwm2m-creds lot".getBytes(StandardCharsets.US_ASCII);

  private final Mac mac;
  private long counter;

  LotKeys(byte[] seed) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(seed, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this Java runtime has no HmacSHA256, which every Java runtime must have", e);
    }
  }

  /** Returns the next key, one that the strict policy accepts. */
  PreSharedKey nextKey() {
    PreSharedKey key = SecretBytes.useAndWipe(next(), PreSharedKey::copyOf);
    while (!KeyPolicy.weaknesses(key).isEmpty()) {
      key.destroy();
      key = SecretBytes.useAndWipe(next(), PreSharedKey::copyOf);
    }
    return key;
  }

  /** Returns the next random UUID (RFC 9562 version 4). */
  UUID nextUuid() {
    ByteBuffer bytes = ByteBuffer.wrap(next());
    return new UUID(
        bytes.getLong() & ~0xf000L | 0x4000L, bytes.getLong() & ~(0xc0L << 56) | 0x80L << 56);
  }

  private byte[] next() {
    mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, counter++));
    mac.update(LABEL);
    return SecretBytes.useAndWipe(mac.doFinal(), block -> Arrays.copyOf(block, KEY_LENGTH));
  }
}
