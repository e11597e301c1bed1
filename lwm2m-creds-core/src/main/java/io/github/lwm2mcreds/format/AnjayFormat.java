// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Factory provisioning data for AVSystem's Anjay: SenML CBOR (RFC 8428 §6) with one instance each
 * of the objects Security (/0/1) and Server (/1/1), identity and key as opaque resources.
 */
record AnjayFormat(String serverUri) implements DeviceFormat {
  static final String NAME = "anjay";

  private static final int LIFETIME = 86_400;
  private static final Pattern SECRET = Pattern.compile("/0/([0-9]{1,5})/([235])");

  AnjayFormat {
    if (!serverUri.matches("coaps(\\+tcp)?://[!-~]{1,240}")) {
      throw new IllegalArgumentException(
          "the server's URI begins with coaps:// and has at most 255 printable ASCII characters");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte[] encode(DeviceCredential credential) {
    Limits.requireEndpointIsIdentity(NAME, credential);
    try (Output out = new Output()) {
      SenMlWriter records = new SenMlWriter(out, 10);
      records.text("/0/1/0", serverUri).bool("/0/1/1", false).number("/0/1/2", 0);
      records.opaque("/0/1/3", credential.pskIdentity().toBytes());
      SecretBytes.useAndWipe(credential.psk().exposeBytes(), key -> records.opaque("/0/1/5", key));
      records.number("/0/1/10", 1).number("/1/1/0", 1).number("/1/1/1", LIFETIME);
      records.bool("/1/1/6", false).text("/1/1/7", "U");
      return out.toBytes();
    }
  }

  @Override
  public DeviceCredential decode(byte[] file) throws DeviceFormatException {
    try (Parts parts = new Parts()) {
      String instance = null;
      for (SenMlReader.Record record : SenMlReader.read(file)) {
        Matcher path = SECRET.matcher(record.path());
        if (path.matches()) {
          if (instance != null && !instance.equals(path.group(1))) {
            throw new DeviceFormatException(
                Reason.AMBIGUOUS, record.offset(), "there are several Security instances");
          }
          instance = path.group(1);
          take(path.group(2), record, file, parts);
        }
      }
      return parts.ofIdentity(file.length);
    }
  }

  private static void take(String resource, SenMlReader.Record record, byte[] file, Parts parts)
      throws DeviceFormatException {
    switch (resource) {
      case "3" -> parts.identity(record.opaque(file), record.offset());
      case "5" -> parts.psk(record.opaque(file), record.offset());
      default -> {
        if (record.number() != 0) {
          throw new DeviceFormatException(
              Reason.UNSUPPORTED, record.offset(), "the security mode is not 0, pre-shared key");
        }
      }
    }
  }
}
