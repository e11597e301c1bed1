// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of {@code cred add} for Zephyr's TLS credentials shell, both in Base64, which holds any
 * byte. Zephyr's documentation, "TLS Credentials Shell".
 */
record ZephyrShellFormat(int securityTag) implements DeviceFormat {
  static final String NAME = "zephyr-shell";

  private static final Pattern ADD =
      Pattern.compile(
          "(?:[a-z]+:~\\$ )?cred add ([0-9]{1,10})"
              + " ((?i)PSK|PRE_SHARED_KEY|PSK_ID|PRE_SHARED_KEY_ID) (?i:default) ((?i)bint?|strt?)"
              + " ([^ \"'\\\\]++) *");

  private static final Pattern BLANK = Pattern.compile("[ \t]*");

  private static final TaggedLines LINES =
      new TaggedLines(
          ADD,
          BLANK,
          "cred add <tag> <PSK or PSK_ID> default <bin or str> <data>",
          ZephyrShellFormat::take);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte[] encode(DeviceCredential credential) {
    Limits.requireEndpointIsIdentity(NAME, credential);
    Base64.Encoder base64 = Base64.getEncoder();
    byte[] key = SecretBytes.useAndWipe(credential.psk().exposeBytes(), base64::encode);
    try (Output out = new Output()) {
      String start = "cred add " + securityTag;
      out.put(start).put(" PSK_ID default bin ");
      out.put(base64.encode(credential.pskIdentity().toBytes())).put("\n");
      return out.put(start).put(" PSK default bin ").putAndWipe(key).put("\n").toBytes();
    }
  }

  @Override
  public DeviceCredential decode(byte[] file) throws DeviceFormatException {
    return LINES.decode(file);
  }

  private static void take(Matcher line, byte[] file, Parts parts) throws DeviceFormatException {
    int from = line.start(4);
    byte[] data = data(line.group(3).toLowerCase(Locale.ROOT), file, from, line.end(4));
    if (line.group(2).toUpperCase(Locale.ROOT).endsWith("ID")) {
      parts.identity(data, from);
    } else {
      parts.psk(data, from);
    }
  }

  /** The bytes that the shell stores: bint and strt append a NUL. */
  private static byte[] data(String format, byte[] file, int from, int to)
      throws DeviceFormatException {
    byte[] data = Arrays.copyOfRange(file, from, to);
    if (format.startsWith("bin")) {
      data = base64(data, from);
    }
    return format.equals("bint") || format.equals("strt")
        ? SecretBytes.useAndWipe(data, stored -> Arrays.copyOf(stored, stored.length + 1))
        : data;
  }

  private static byte[] base64(byte[] text, int offset) throws DeviceFormatException {
    try {
      return SecretBytes.useAndWipe(text, Base64.getDecoder()::decode);
    } catch (IllegalArgumentException e) {
      throw new DeviceFormatException(Reason.MALFORMED, offset, "the data is not Base64");
    }
  }
}
