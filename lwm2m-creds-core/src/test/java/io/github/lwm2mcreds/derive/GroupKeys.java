// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import java.util.HexFormat;
import java.util.Random;

/** Group keys for tests, each version with bytes of its own. */
final class GroupKeys {
  static final HexFormat HEX = HexFormat.of();

  private GroupKeys() {}

  static GroupKey key(int version) {
    return GroupKey.copyOf(version, bytes(version));
  }

  static byte[] bytes(int seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
