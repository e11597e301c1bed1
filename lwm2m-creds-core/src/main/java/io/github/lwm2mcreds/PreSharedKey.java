// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_EMPTY;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_NOT_HEX;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_TOO_LONG;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * A pre-shared key (PSK) for DTLS: 1 to 64 secret bytes (RFC 4279 §5.3), kept out of logs, strings
 * and serialised objects.
 *
 * <p>Only {@link #exposeBytes()} returns the bytes. {@linkplain #destroy() Destroy} a key that is
 * no longer needed. {@link KeyPolicy} decides whether a key is strong enough to use.
 */
public final class PreSharedKey implements Destroyable {
  /** The maximum length of a key in bytes: 64 (RFC 4279 §5.3). */
  public static final int MAX_LENGTH = 64;

  private static final byte[] SALT = randomBytes(32); // with a key of 16, one block of SHA-256

  private final byte[] bytes;
  private byte[] fingerprint; // null until the key is destroyed; guarded by bytes

  private PreSharedKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns a key of the given bytes.
   *
   * @param bytes 1 to 64 bytes; copied, so the caller may wipe them
   * @return the key
   * @throws InvalidCredentialException if it is empty or too long
   */
  public static PreSharedKey copyOf(byte[] bytes) {
    checkLength(bytes.length, bytes);
    return new PreSharedKey(bytes.clone());
  }

  /**
   * Returns a key written in hex digits, as in a device token.
   *
   * @param hex 2 to 128 ASCII hex digits of either case; not kept, so the caller may wipe it
   * @return the key
   * @throws InvalidCredentialException if the text is not pairs of hex digits, is empty or is too
   *     long
   */
  public static PreSharedKey ofHex(byte[] hex) {
    checkLength((hex.length + 1) / 2, new byte[0]);
    Optional<String> mistake = HexDigits.describeMistake(hex);
    if (mistake.isPresent()) {
      throw new InvalidCredentialException(KEY_NOT_HEX, "the key is not hex: it " + mistake.get());
    }
    try {
      return new PreSharedKey(HexDigits.decode(hex, 0, hex.length));
    } catch (IllegalArgumentException e) {
      throw new InvalidCredentialException(KEY_NOT_HEX, "the key is not hex: " + e.getMessage());
    }
  }

  private static void checkLength(int length, byte[] bytes) {
    if (length == 0) {
      throw new InvalidCredentialException(
          KEY_EMPTY,
          "the pre-shared key is empty; it needs 1 to " + MAX_LENGTH + " bytes (RFC 4279)");
    }
    if (length > MAX_LENGTH) {
      throw new InvalidCredentialException(
          KEY_TOO_LONG,
          "the pre-shared key has "
              + length
              + " bytes; at most "
              + MAX_LENGTH
              + " are allowed (RFC 4279)"
              + KeyText.recognise(bytes).map(text -> "; it " + text.description()).orElse(""));
    }
  }

  /**
   * Returns the length of the key.
   *
   * @return 1 to 64 bytes
   */
  public int length() {
    return bytes.length;
  }

  /**
   * Returns the secret bytes. Reviews can search for this method, as there is no other way out.
   *
   * @return a copy, which the caller should wipe after use, as {@link SecretBytes#useAndWipe} does
   * @throws IllegalStateException if the key was destroyed
   */
  public byte[] exposeBytes() {
    synchronized (bytes) {
      if (fingerprint != null) {
        throw new IllegalStateException("this pre-shared key was destroyed");
      }
      return bytes.clone();
    }
  }

  /**
   * Returns the key's public fingerprint.
   *
   * @return the check value, the same wherever this key is shown
   * @throws IllegalStateException if the key was destroyed
   */
  public KeyCheckValue checkValue() {
    return SecretBytes.useAndWipe(exposeBytes(), KeyCheckValue::of);
  }

  /**
   * Overwrites the secret bytes; the key cannot be used afterwards. For {@link #equals}, it keeps a
   * hash of them, salted at random for this process.
   */
  @Override
  public void destroy() {
    synchronized (bytes) {
      fingerprint = fingerprint();
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public boolean isDestroyed() {
    synchronized (bytes) {
      return fingerprint != null;
    }
  }

  /**
   * Compares two keys in constant time. A key that is destroyed stays equal to the same keys.
   *
   * @param other anything
   * @return whether it is the same key, or was before one of them was destroyed
   */
  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof PreSharedKey that && isSameKey(that);
  }

  private boolean isSameKey(PreSharedKey that) {
    boolean sameBytes = MessageDigest.isEqual(bytes, that.bytes);
    // Asked afterwards, so that neither was overwritten while it was read.
    return isDestroyed() || that.isDestroyed()
        ? MessageDigest.isEqual(fingerprint(), that.fingerprint())
        : sameBytes;
  }

  private byte[] fingerprint() {
    synchronized (bytes) {
      return fingerprint == null ? saltedHash(bytes) : fingerprint;
    }
  }

  private static byte[] saltedHash(byte[] key) {
    MessageDigest sha256 = Algorithms.sha256();
    sha256.update(SALT);
    byte[] hash = sha256.digest(key);
    sha256.reset(); // until then, the JDK's buffer holds the key
    return hash;
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /**
   * Returns the same number for all keys of one length, so that no hash carries secret bits.
   *
   * @return the length
   */
  @Override
  public int hashCode() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "<redacted>";
  }
}
