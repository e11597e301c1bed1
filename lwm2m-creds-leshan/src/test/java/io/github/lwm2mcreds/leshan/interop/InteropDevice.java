// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.util.HexFormat;

/** The devices that the server knows. Each key has bytes 00 and FF within, at the start or end. */
enum InteropDevice {
  USUAL("interop-sensor-1", "9a00ff5c1b00a7ffff3e84d1006b27f0"),
  SECOND("interop-sensor-2", "4d7100fe92ff00c86a15ffe3b0097d2c"),
  IDENTITY_OF_1("i", "a3ff0071c2e85d00194bff6de7300c8f"),
  IDENTITY_OF_32("interop-sensor-of-32-bytes-0042x", "5bff00e1743d9ac600f82e6119ffd05a"),
  IDENTITY_OF_128(
      "urn:imei:490154203237518:"
          + "0123456789abcdefghijklmnopqrstuvwxyzABCDEF".repeat(3).substring(0, 103),
      "e80031ff5a7cc900b4ff1d96026ef83b"),
  IDENTITY_OF_UTF8("Z\u00e4hler-\u03a9-\u6c34\u9053", "17ff00b95e2cd800fa63ff40918d02c7"),
  KEY_OF_32("interop-key-of-32", "00ff3b9c5e" + "7100e8ff42".repeat(5) + "9dff"),
  KEY_OF_64("interop-key-of-64", "ff00b7" + "5c00d1ff9e83".repeat(10) + "2a"),
  /** Nobody has put it into the store. */
  UNKNOWN("interop-stranger", "c45d00ff87b1e36a00f92d1c7eff5803");

  private final String identity;
  private final String key;

  InteropDevice(String identity, String key) {
    this.identity = identity;
    this.key = key;
  }

  /** Returns the identity, which is the caller's. */
  byte[] identity() {
    return identity.getBytes(UTF_8);
  }

  /** Returns the key, which is the caller's. */
  byte[] key() {
    return HexFormat.of().parseHex(key);
  }

  String endpoint() {
    return "interop:" + name();
  }

  DeviceCredential credential() {
    return DeviceCredential.of(
        endpoint(), PskIdentity.ofBytes(identity()), PreSharedKey.copyOf(key()));
  }
}
