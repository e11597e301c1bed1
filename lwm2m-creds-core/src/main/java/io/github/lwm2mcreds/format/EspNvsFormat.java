// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.util.Arrays;

/**
 * An image of an ESP-IDF NVS partition, not encrypted: the strings {@code endpoint} and {@code
 * psk_identity} and the blob {@code psk} in one namespace. ESP-IDF's documentation, "Non-Volatile
 * Storage Library", page and entry structure.
 *
 * @param namespace 1 to 15 printable ASCII characters
 * @param size the size of the partition: at least three pages of 0x1000 bytes
 */
record EspNvsFormat(String namespace, int size) implements DeviceFormat {
  static final String NAME = "esp-nvs";

  static final int MIN_SIZE = 3 * NvsPage.SIZE;
  private static final int MAX_SIZE = 1 << 24;

  EspNvsFormat {
    if (!namespace.matches("[!-~]{1,15}")) {
      throw new IllegalArgumentException("an NVS namespace has 1 to 15 printable ASCII characters");
    }
    if (size < MIN_SIZE || size > MAX_SIZE || size % NvsPage.SIZE != 0) {
      throw new IllegalArgumentException(
          "an NVS partition has 0x3000 to 0x1000000 bytes in steps of 0x1000, not " + size);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte[] encode(DeviceCredential credential) {
    byte[] identity = Limits.identityWithoutNul(NAME, credential);
    byte[] image = new byte[size];
    Arrays.fill(image, (byte) 0xff);
    NvsPage page = new NvsPage(image);
    page.namespace(namespace);
    page.string("endpoint", credential.endpoint().getBytes(UTF_8));
    page.string("psk_identity", identity);
    SecretBytes.useAndWipe(
        credential.psk().exposeBytes(),
        key -> {
          page.blob("psk", key);
          return null;
        });
    return image;
  }

  @Override
  public DeviceCredential decode(byte[] file) throws DeviceFormatException {
    if (file.length == 0 || file.length % NvsPage.SIZE != 0) {
      throw new DeviceFormatException(
          Reason.WRONG_LENGTH, file.length, "an NVS partition is whole pages of 0x1000 bytes");
    }
    NvsReader reader = new NvsReader(file);
    int index = reader.namespaceIndex(namespace.getBytes(US_ASCII));
    try (Parts parts = new Parts()) {
      for (NvsEntry entry : reader.entries()) {
        if (entry.namespace() == index) {
          take(entry, parts);
        }
      }
      return parts.ofAll(file.length);
    }
  }

  private static void take(NvsEntry entry, Parts parts) throws DeviceFormatException {
    switch (entry.key()) {
      case "endpoint" -> parts.endpoint(entry.string(), entry.dataOffset());
      case "psk_identity" -> parts.identity(entry.string(), entry.dataOffset());
      case "psk" -> {
        if (entry.type() != NvsPage.BLOB_INDEX) {
          parts.psk(entry.blob(), entry.dataOffset());
        }
      }
      default -> {}
    }
  }
}
