// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_EMPTY;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_TEXT;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_TOO_LONG;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The PSK identity that a device sends in its DTLS ClientKeyExchange (RFC 4279), as the bytes on
 * the wire.
 *
 * <p>RFC 4279 §5.1 requires UTF-8, and §5.3 support of up to 128 bytes. Some devices send other
 * bytes, so identities are compared as bytes, never as decoded text. {@link #asString()} returns a
 * different string for each identity: a byte {@code 0xNN} that is not UTF-8 becomes the lone
 * surrogate {@code U+DCNN} (as in Python's PEP 383), which no UTF-8 text contains. {@link
 * #of(String)} converts it back.
 */
public final class PskIdentity {
  /** The maximum length of an identity in bytes: 128 (RFC 4279 §5.3). */
  public static final int MAX_LENGTH = 128;

  private static final char ESCAPE_BASE = '\udc00';

  private final byte[] bytes;

  private PskIdentity(byte[] bytes) {
    if (bytes.length == 0) {
      throw new InvalidCredentialException(
          IDENTITY_EMPTY,
          "the PSK identity is empty; it needs 1 to " + MAX_LENGTH + " bytes (RFC 4279)");
    }
    if (bytes.length > MAX_LENGTH) {
      throw new InvalidCredentialException(
          IDENTITY_TOO_LONG,
          "the PSK identity has "
              + bytes.length
              + " bytes; at most "
              + MAX_LENGTH
              + " are allowed (RFC 4279)");
    }
    this.bytes = bytes;
  }

  /**
   * Returns the identity with the given text.
   *
   * @param text 1 to 128 bytes when encoded as UTF-8
   * @return the identity
   * @throws InvalidCredentialException if it is empty, too long, or contains a surrogate that
   *     represents no byte
   */
  public static PskIdentity of(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 8);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        out.write(c);
      } else if (c >= ESCAPE_BASE + 0x80 && c <= ESCAPE_BASE + 0xff) {
        out.write(c - ESCAPE_BASE);
      } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw new InvalidCredentialException(
            IDENTITY_NOT_TEXT,
            "the PSK identity contains a lone surrogate at index "
                + (i - 1)
                + " that represents no byte");
      } else {
        out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return new PskIdentity(out.toByteArray());
  }

  /**
   * Returns the identity with the given bytes on the wire, which need not be UTF-8.
   *
   * @param bytes 1 to 128 bytes; copied
   * @return the identity
   * @throws InvalidCredentialException if it is empty or too long
   */
  public static PskIdentity ofBytes(byte[] bytes) {
    return new PskIdentity(bytes.clone());
  }

  /**
   * Returns the bytes on the wire.
   *
   * @return a copy, 1 to 128 bytes
   */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /**
   * Returns the identity as a string that no other identity has.
   *
   * @return the decoded text; bytes that are not UTF-8 as lone surrogates
   */
  public String asString() {
    return decode(bytes);
  }

  private static String decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isUnderflow()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE_BASE + (in.get() & 0xff)));
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PskIdentity that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * Returns the identity as text for people and logs.
   *
   * @return the text with control characters and bytes that are not UTF-8 escaped; not meant to be
   *     parsed
   */
  @Override
  public String toString() {
    return Printable.escape(asString());
  }
}
