// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.SecretBytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The digest over a lot's rows, as {@code MANIFEST.md} defines it: a chain of SHA-256, a link per
 * row, closed by the lot's number. It does not depend on the format or the order of columns.
 */
final class LotDigest {
  private static final byte[] BEGINNING = "lwm2m-creds manifest 1".getBytes(US_ASCII);
  private static final byte[] ENDPOINT = name(ManifestColumn.ENDPOINT);
  private static final byte[] PSK_IDENTITY = name(ManifestColumn.PSK_IDENTITY);
  private static final byte[] PSK = name(ManifestColumn.PSK);

  private final MessageDigest sha256 = sha256();
  private byte[] link = sha256.digest(BEGINNING);
  private long count;

  void add(ManifestRow row) {
    byte[] endpoint = row.endpoint().getBytes(UTF_8);
    byte[] identity = row.pskIdentity().toBytes();
    sha256.update(link);
    field(ENDPOINT, endpoint);
    if (!Arrays.equals(endpoint, identity)) {
      field(PSK_IDENTITY, identity);
    }
    row.credential().ifPresent(this::psk);
    if (!row.columns().isEmpty()) {
      others(row.columns());
    }
    link = sha256.digest();
    sha256.reset(); // until then, the JDK's buffer holds the key
    count++;
  }

  private void psk(DeviceCredential credential) {
    SecretBytes.useAndWipe(
        credential.psk().exposeBytes(),
        key -> {
          field(PSK, key);
          return null;
        });
  }

  private void others(Map<String, String> columns) {
    Map<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
    columns.forEach((name, value) -> sorted.put(name.getBytes(UTF_8), value.getBytes(UTF_8)));
    sorted.forEach(this::field);
  }

  private void field(byte[] name, byte[] value) {
    length(name.length);
    sha256.update(name);
    length(value.length);
    sha256.update(value);
  }

  private void length(int length) {
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
  }

  long count() {
    return count;
  }

  /** Returns the lot of the rows so far. */
  Lot lot(String number) {
    sha256.update(link);
    field(name(ManifestColumn.LOT), number.getBytes(US_ASCII));
    return new Lot(number, count, HexFormat.of().formatHex(sha256.digest()));
  }

  private static byte[] name(ManifestColumn column) {
    return column.title().getBytes(US_ASCII);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime has no SHA-256, which every Java runtime must have", e);
    }
  }
}
