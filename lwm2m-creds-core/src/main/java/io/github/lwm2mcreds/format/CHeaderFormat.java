// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A C header with three macros: two string literals and the initialiser of an array. It reads back
 * what it wrote, not any C.
 */
record CHeaderFormat() implements DeviceFormat {
  static final String NAME = "c-header";

  private static final String START =
      """
      /* The credential of one LwM2M device. It contains the key: keep it secret. */
      #ifndef LWM2M_CREDENTIAL_H
      #define LWM2M_CREDENTIAL_H
      """;
  private static final Pattern STRING =
      Pattern.compile(
          "#define LWM2M_(ENDPOINT|PSK_IDENTITY) \"((?:[^\"\\\\]|\\\\[0-3][0-7]{2})*+)\"[ \t]*");
  private static final Pattern KEY =
      Pattern.compile("#define LWM2M_PSK \\{((?: ?0x[0-9a-fA-F]{2},?)++) ?\\}[ \t]*");

  /** What begins like one of the three macros and is none of them is not passed over. */
  private static final Pattern OTHER =
      Pattern.compile("(?!#define LWM2M_(?:ENDPOINT|PSK_IDENTITY|PSK)[^A-Z_]).*+");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte[] encode(DeviceCredential credential) {
    byte[] identity = Limits.identityWithoutNul(NAME, credential);
    byte[] hex = SecretBytes.useAndWipe(credential.psk().exposeBytes(), HexDigits::encode);
    try (Output out = new Output()) {
      out.put(START);
      out.put("#define LWM2M_ENDPOINT ").put(literal(credential.endpoint().getBytes(UTF_8)));
      out.put("#define LWM2M_PSK_IDENTITY ").put(literal(identity)).put("#define LWM2M_PSK {");
      for (int i = 0; i < hex.length; i += 2) {
        out.put(i == 0 ? "0x" : ", 0x").put(hex[i]).put(hex[i + 1]);
      }
      return out.put("}\n#endif\n").toBytes();
    } finally {
      Arrays.fill(hex, (byte) 0);
    }
  }

  /** A string literal; three octal digits end an escape, and a question mark begins no trigraph. */
  private static String literal(byte[] bytes) {
    StringBuilder literal = new StringBuilder("\"");
    for (byte b : bytes) {
      boolean isPlain = b >= ' ' && b <= '~' && b != '"' && b != '\\' && b != '?';
      literal.append(isPlain ? "" + (char) b : String.format(Locale.ROOT, "\\%03o", b & 0xff));
    }
    return literal.append("\"\n").toString();
  }

  @Override
  public DeviceCredential decode(byte[] file) throws DeviceFormatException {
    Latin1View text = new Latin1View(file);
    try (Parts parts = new Parts()) {
      for (int start = 0, end; start < file.length; start = end + 1) {
        end = text.endOfLine(start);
        Matcher string = STRING.matcher(text).region(start, end);
        Matcher key = KEY.matcher(text).region(start, end);
        if (string.matches()) {
          take(string, file, parts);
        } else if (key.matches()) {
          parts.psk(key(file, key.start(1), key.end(1)), key.start(1));
        } else if (!OTHER.matcher(text).region(start, end).matches()) {
          throw new DeviceFormatException(
              Reason.MALFORMED, start, "the macro is neither a plain string nor {0x00, …}");
        }
      }
      return parts.ofAll(file.length);
    }
  }

  private static void take(Matcher string, byte[] file, Parts parts) throws DeviceFormatException {
    byte[] value = unescape(file, string.start(2), string.end(2));
    if (string.group(1).equals("ENDPOINT")) {
      parts.endpoint(value, string.start(2));
    } else {
      parts.identity(value, string.start(2));
    }
  }

  private static byte[] unescape(byte[] file, int from, int to) {
    try (Output out = new Output()) {
      for (int i = from; i < to; i++) {
        if (file[i] == '\\') {
          out.put((file[i + 1] - '0') << 6 | (file[i + 2] - '0') << 3 | file[i + 3] - '0');
          i += 3;
        } else {
          out.put(file[i]);
        }
      }
      return out.toBytes();
    }
  }

  private static byte[] key(byte[] file, int from, int to) {
    try (Output out = new Output()) {
      for (int i = from; i < to; i++) {
        if (file[i] == 'x') {
          out.putAndWipe(HexDigits.decode(file, i + 1, i + 3));
        }
      }
      return out.toBytes();
    }
  }
}
