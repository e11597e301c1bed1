// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A short public fingerprint of a pre-shared key. It tells whether two places hold the same key,
 * without showing the key.
 *
 * <p>It is the first four bytes of HMAC-SHA256 over the ASCII text {@code lwm2m-creds check value}
 * and one more byte, the key's length, under the key, in hex. For a random key of 16 bytes or more
 * it reveals nothing useful about the key. For a key that can be guessed, it confirms a guess, as
 * does anything else that depends on the key.
 */
public final class KeyCheckValue {
  private static final byte[] CONTEXT =
      "lwm2m-creds check value".getBytes(StandardCharsets.US_ASCII);

  private static final Pattern TEXT = Pattern.compile("[0-9a-f]{8}");

  /** A number, since a fleet's check values are held together. */
  private final int value;

  private KeyCheckValue(int value) {
    this.value = value;
  }

  static KeyCheckValue of(byte[] key) {
    try {
      Mac mac = Algorithms.hmacSha256();
      mac.init(new SecretKeySpec(key, Algorithms.HMAC_SHA256));
      mac.update(CONTEXT);
      mac.update((byte) key.length); // HMAC pads keys, so that a cut one would look the same
      return new KeyCheckValue(ByteBuffer.wrap(mac.doFinal()).getInt());
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("HMAC takes any key", e);
    }
  }

  /**
   * Reads a check value as {@link #toString} shows it, such as one that a server or a file names.
   *
   * @param text what may be a check value
   * @return the check value; empty if the text is anything but eight lower-case hex digits
   */
  public static Optional<KeyCheckValue> parse(String text) {
    return TEXT.matcher(text).matches()
        ? Optional.of(new KeyCheckValue(HexFormat.fromHexDigits(text)))
        : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyCheckValue that && value == that.value;
  }

  @Override
  public int hashCode() {
    return value;
  }

  /**
   * Returns the check value as it is shown everywhere.
   *
   * @return eight lower-case hex digits
   */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }
}
