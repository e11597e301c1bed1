// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of {@code AT%CMNG} for the modem of Nordic's nRF91: the identity (type 4) and the key in
 * hex (type 3) under one security tag. The modem takes them while it is offline ({@code
 * AT+CFUN=4}). Nordic's "nRF91x1 AT Commands", "Credential storage management %CMNG".
 */
record NrfModemFormat(int securityTag) implements DeviceFormat {
  static final String NAME = "nrf91";

  private static final Pattern WRITE =
      Pattern.compile("(?i)AT%CMNG=0,([0-9]{1,10}),([34]),\"([^\"]*+)\"[ \t]*");

  /** Other commands and answers, as in the log of a terminal. */
  private static final Pattern OTHER = Pattern.compile("(?i)[ \t]*|OK|AT(?!%CMNG=0).*+");

  private static final TaggedLines LINES =
      new TaggedLines(WRITE, OTHER, "AT%CMNG=0,<tag>,<3 or 4>,\"<content>\"", NrfModemFormat::take);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte[] encode(DeviceCredential credential) {
    Limits.requireEndpointIsIdentity(NAME, credential);
    byte[] identity =
        Limits.identity(
            NAME,
            credential,
            "printable ASCII characters without the double quote",
            b -> b >= ' ' && b <= '~' && b != '"');
    byte[] hex = SecretBytes.useAndWipe(credential.psk().exposeBytes(), HexDigits::encode);
    try (Output out = new Output()) {
      String start = "AT%CMNG=0," + securityTag + ",";
      out.put(start).put("4,\"").put(identity).put("\"\r\n");
      return out.put(start).put("3,\"").putAndWipe(hex).put("\"\r\n").toBytes();
    }
  }

  @Override
  public DeviceCredential decode(byte[] file) throws DeviceFormatException {
    return LINES.decode(file);
  }

  private static void take(Matcher line, byte[] file, Parts parts) throws DeviceFormatException {
    int from = line.start(3);
    int to = line.end(3);
    if (file[line.start(2)] == '4') {
      parts.identity(Arrays.copyOfRange(file, from, to), from);
      return;
    }
    try {
      parts.psk(HexDigits.decode(file, from, to), from);
    } catch (IllegalArgumentException e) {
      int bad = HexDigits.indexOfNonDigit(file, from, to);
      throw new DeviceFormatException(
          Reason.MALFORMED, bad < 0 ? to : bad, "the key (type 3) is not pairs of hex digits");
    }
  }
}
