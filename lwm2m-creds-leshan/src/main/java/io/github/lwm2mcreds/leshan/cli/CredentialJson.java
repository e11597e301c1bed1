// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.HexDigits;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** A credential, with its key, as one line of JSON in bytes that can be wiped. */
final class CredentialJson {
  private CredentialJson() {}

  static byte[] of(DeviceCredential credential) {
    byte[] head =
        ("{\"endpoint\":\""
                + escaped(credential.endpoint())
                + "\",\"pskIdentity\":\""
                + escaped(credential.pskIdentity().asString())
                + "\",\"key\":\"")
            .getBytes(US_ASCII);
    byte[] tail = "\"}\n".getBytes(US_ASCII);
    byte[] key = credential.psk().exposeBytes();
    ByteBuffer json = ByteBuffer.allocate(head.length + 2 * key.length + tail.length).put(head);
    HexDigits.encode(key, HexFormat.of(), json);
    Arrays.fill(key, (byte) 0);
    return json.put(tail).array();
  }

  /** Escapes non-ASCII characters too, so that lone surrogates are kept. */
  private static String escaped(String text) {
    StringBuilder ascii = new StringBuilder();
    for (char c : JsonStringEncoder.getInstance().quoteAsString(text)) {
      ascii.append(c < 0x80 ? String.valueOf(c) : "\\u" + HexFormat.of().toHexDigits(c));
    }
    return ascii.toString();
  }
}
