// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Decodes the escapes in a JSON string (RFC 8259 §7), in place: the result is never longer. */
final class JsonEscapes {
  private static final String NAMES = "\"\\/bfnrt";
  private static final String CHARACTERS = "\"\\/\b\f\n\r\t";

  private final byte[] bytes;
  private int from;
  private int to;

  JsonEscapes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Decodes to UTF-8, and wipes what is left of the source. */
  byte[] decode() throws BadRow {
    while (from < bytes.length) {
      byte b = bytes[from++];
      if (b == '\\') {
        escape();
      } else {
        bytes[to++] = b;
      }
    }
    byte[] decoded = Arrays.copyOf(bytes, to);
    Arrays.fill(bytes, (byte) 0);
    return decoded;
  }

  private void escape() throws BadRow {
    int name = from < bytes.length ? bytes[from++] : 0;
    int known = NAMES.indexOf(name);
    if (known >= 0) {
      bytes[to++] = (byte) CHARACTERS.charAt(known);
    } else if (name == 'u') {
      codePoint();
    } else {
      throw malformed();
    }
  }

  private void codePoint() throws BadRow {
    int unit = unit();
    if (unit >= 0xdc80 && unit <= 0xdcff) {
      bytes[to++] = (byte) unit; // a byte that is not UTF-8, as PskIdentity.asString writes it
      return;
    }
    int c = unit;
    if (Character.isSurrogate((char) unit)) {
      if (from + 1 >= bytes.length || bytes[from] != '\\' || bytes[from + 1] != 'u') {
        throw malformed();
      }
      from += 2;
      int low = unit();
      if (!Character.isSurrogatePair((char) unit, (char) low)) {
        throw malformed();
      }
      c = Character.toCodePoint((char) unit, (char) low);
    }
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      bytes[to++] = b;
    }
  }

  private int unit() throws BadRow {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      if (from >= bytes.length || !HexFormat.isHexDigit(bytes[from])) {
        throw malformed();
      }
      unit = unit << 4 | HexFormat.fromHexDigit(bytes[from++]);
    }
    return unit;
  }

  private static BadRow malformed() {
    return new BadRow(Reason.MALFORMED, "not a flat JSON object: a string has a bad escape");
  }
}
