// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A standard key derivation function with a label; {@link KeyDerivation} defines its inputs. */
record KdfDerivation(Kdf kdf, String label, int keyLength) implements KeyDerivation {
  static final int DEFAULT_KEY_LENGTH = 16;
  private static final Pattern LABEL = Pattern.compile("[ -~]{1,64}");

  KdfDerivation {
    if (!LABEL.matcher(label).matches()) {
      throw new IllegalArgumentException(
          "the label '"
              + Printable.escape(label)
              + "' is not 1 to 64 printable ASCII characters; choose one that says what the keys"
              + " are for");
    }
    if (keyLength < GroupKey.MIN_LENGTH || keyLength > PreSharedKey.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a derived key must have "
              + GroupKey.MIN_LENGTH
              + " to "
              + PreSharedKey.MAX_LENGTH
              + " bytes, not "
              + keyLength);
    }
  }

  @Override
  public PreSharedKey derive(GroupKey groupKey, String endpoint) {
    byte[] input = labelAndEndpoint(endpoint);
    return groupKey.derive(secret -> kdf.derive(secret, input, keyLength));
  }

  private byte[] labelAndEndpoint(String endpoint) {
    ByteBuffer name = utf8(endpoint);
    return ByteBuffer.allocate(label.length() + 1 + name.remaining())
        .put(label.getBytes(US_ASCII))
        .put((byte) 0)
        .put(name)
        .array();
  }

  @Override
  public boolean accepts(String endpoint) {
    try {
      utf8(endpoint);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Refuses text that has no UTF-8 form: as question marks, two endpoints could share a key. */
  private static ByteBuffer utf8(String endpoint) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(endpoint));
      if (bytes.hasRemaining()
          && bytes.remaining() <= DeviceCredential.MAX_ENDPOINT_LENGTH
          && endpoint.chars().noneMatch(Character::isISOControl)) {
        return bytes;
      }
    } catch (CharacterCodingException e) {
      // refused below like any other malformed endpoint
    }
    throw new IllegalArgumentException(
        "the endpoint '"
            + Printable.escape(endpoint)
            + "' is not usable; use 1 to "
            + DeviceCredential.MAX_ENDPOINT_LENGTH
            + " UTF-8 bytes without control characters");
  }

  @Override
  public String toString() {
    return kdf + " '" + label + "' " + keyLength + " bytes";
  }
}
