// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/** Writes one flat JSON object per line, in ASCII. */
final class NdjsonEncoder implements RowEncoder {
  private final Optional<String> lot;

  NdjsonEncoder(Optional<String> lot) {
    this.lot = lot;
  }

  @Override
  public void header(ByteBuffer out) {
    // Each object names its columns.
  }

  @Override
  public void row(ManifestRow row, ByteBuffer out) {
    member('{', ManifestColumn.ENDPOINT.title(), row.endpoint(), out);
    member(',', ManifestColumn.PSK_IDENTITY.title(), row.pskIdentity().asString(), out);
    if (row.credential().isPresent()) {
      ascii(",\"psk\":\"", out);
      RowEncoder.key(row, out);
      out.put((byte) '"');
    }
    row.columns().forEach((name, value) -> member(',', name, value, out));
    lot.ifPresent(number -> member(',', ManifestColumn.LOT.title(), number, out));
    ascii("}\n", out);
  }

  @Override
  public void end(Lot end, ByteBuffer out) {
    member('{', ManifestColumn.LOT.title(), end.number(), out);
    ascii(",\"count\":" + end.count(), out);
    member(',', "sha256", end.sha256(), out);
    ascii("}\n", out);
  }

  /** Writes a member with the character before it. */
  static void member(char before, String name, String value, ByteBuffer out) {
    out.put((byte) before);
    string(name, out);
    out.put((byte) ':');
    string(value, out);
  }

  private static void string(String text, ByteBuffer out) {
    out.put((byte) '"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.put((byte) '\\').put((byte) c);
      } else if (c >= ' ' && c < 0x7f) {
        out.put((byte) c);
      } else {
        ascii("\\u" + HexFormat.of().toHexDigits(c), out);
      }
    }
    out.put((byte) '"');
  }

  static void ascii(String text, ByteBuffer out) {
    out.put(text.getBytes(US_ASCII));
  }
}
