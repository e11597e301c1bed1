// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.SecretBytes;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/** How one format writes a manifest. */
interface RowEncoder {
  /** Writes what comes before the first row. */
  void header(ByteBuffer out);

  /**
   * Writes a row.
   *
   * @throws java.nio.BufferOverflowException if there is no room for it
   */
  void row(ManifestRow row, ByteBuffer out);

  /** Writes what comes after the last row of a lot. */
  void end(Lot lot, ByteBuffer out);

  /** Writes a row's key in hex, if it has one, without leaving it anywhere else. */
  static void key(ManifestRow row, ByteBuffer out) {
    Optional<PreSharedKey> psk = row.credential().map(DeviceCredential::psk);
    if (psk.isPresent()) {
      SecretBytes.useAndWipe(
          psk.get().exposeBytes(), key -> HexDigits.encode(key, HexFormat.of(), out));
    }
  }
}
