// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.SecretBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** A file for Scandium's {@code MultiPskFileStore}. */
final class ScandiumFileTarget implements StoreExport.Target {
  private final OutputStream out;

  ScandiumFileTarget(OutputStream out) {
    this.out = out;
  }

  @Override
  public Optional<String> problem(DeviceCredential credential) {
    byte[] identity = credential.pskIdentity().toBytes();
    if (!PskFileLines.isUtf8(identity)) {
      return Optional.of("its PSK identity is not UTF-8, as Scandium's file wants it");
    }
    if (identity[0] == '#') {
      return Optional.of("its PSK identity begins with '#', as comments do in Scandium's file");
    }
    for (char c : new char[] {'=', '\n', '\r'}) {
      if (PskFileLines.indexOf(c, identity) >= 0) {
        return Optional.of(
            "its PSK identity has "
                + (c == '=' ? "an '='" : "the end of a line")
                + ", which ends it in Scandium's file");
      }
    }
    return Optional.empty();
  }

  @Override
  public void write(DeviceCredential credential) throws IOException {
    byte[] identity = credential.pskIdentity().toBytes();
    byte[] key =
        SecretBytes.useAndWipe(credential.psk().exposeBytes(), Base64.getEncoder()::encode);
    byte[] line = Arrays.copyOf(identity, identity.length + key.length + 2);
    line[identity.length] = '=';
    System.arraycopy(key, 0, line, identity.length + 1, key.length);
    line[line.length - 1] = '\n';
    Arrays.fill(key, (byte) 0);
    SecretBytes.useAndWipe(
        line,
        bytes -> {
          out.write(bytes);
          return null;
        });
  }
}
