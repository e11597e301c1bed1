// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.PreSharedKey;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.security.auth.Destroyable;

/**
 * One version of the secret from which the keys of a whole group of devices are derived. Anyone who
 * has it can derive every device's key, so it is kept in the factory and the servers, never in a
 * device.
 *
 * <p>The bytes must be random; do not use a passphrase. Only {@link #exposeBytes()} returns them.
 */
public final class GroupKey implements Destroyable {
  /** The least number of bytes in a group key. */
  public static final int MIN_LENGTH = KeyPolicy.MIN_STRONG_LENGTH;

  /** The greatest number of bytes in a group key. */
  public static final int MAX_LENGTH = PreSharedKey.MAX_LENGTH;

  /** The highest version of a group key. */
  public static final int MAX_VERSION = 9999;

  private final int version;
  private final PreSharedKey secret;

  private GroupKey(int version, PreSharedKey secret) {
    this.version = version;
    this.secret = secret;
  }

  /**
   * Returns a group key made from bytes.
   *
   * @param version 1 to 9999; a newer key of the group has a higher version
   * @param bytes 16 to 64 random bytes, preferably 32 or more; copied, so the caller may wipe them
   * @return the group key
   * @throws IllegalArgumentException if the version or the length is out of range, or the bytes are
   *     obviously not random
   */
  public static GroupKey copyOf(int version, byte[] bytes) {
    checkVersion(version);
    if (bytes.length < MIN_LENGTH || bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a group key must have "
              + MIN_LENGTH
              + " to "
              + MAX_LENGTH
              + " bytes, not "
              + bytes.length
              + "; if it is in hex or Base64, decode it first");
    }
    return of(version, PreSharedKey.copyOf(bytes));
  }

  /** Takes ownership of a secret, and destroys it if it is weak. */
  static GroupKey of(int version, PreSharedKey secret) {
    Set<KeyWeakness> weaknesses = KeyPolicy.weaknesses(secret);
    if (!weaknesses.isEmpty()) {
      secret.destroy();
      throw new IllegalArgumentException(
          "the group key " + KeyWeakness.describe(weaknesses) + "; use random bytes");
    }
    return new GroupKey(version, secret);
  }

  static void checkVersion(int version) {
    if (version < 1 || version > MAX_VERSION) {
      throw new IllegalArgumentException(
          "a group key's version must be 1 to " + MAX_VERSION + ", not " + version);
    }
  }

  /**
   * Returns the version of the group's key.
   *
   * @return 1 to 9999
   */
  public int version() {
    return version;
  }

  /**
   * Returns the secret bytes. Search for calls of this method when you review code.
   *
   * @return a copy, which the caller should wipe after use
   * @throws IllegalStateException if the group key was destroyed
   */
  public byte[] exposeBytes() {
    return secret.exposeBytes();
  }

  /**
   * Returns the key's public fingerprint, to compare the keys of the factory and the servers.
   *
   * @return the check value
   * @throws IllegalStateException if the group key was destroyed
   */
  public KeyCheckValue checkValue() {
    return secret.checkValue();
  }

  /**
   * Derives a key by a function of the secret bytes, and wipes the function's argument and result.
   */
  PreSharedKey derive(UnaryOperator<byte[]> function) {
    byte[] bytes = exposeBytes();
    byte[] key = new byte[0];
    try {
      key = function.apply(bytes);
      return PreSharedKey.copyOf(key);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  boolean hasSecretOf(GroupKey other) {
    return secret.equals(other.secret);
  }

  /** Overwrites the secret bytes; no key can be derived from them afterwards. */
  @Override
  public void destroy() {
    secret.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return secret.isDestroyed();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof GroupKey that && version == that.version && hasSecretOf(that);
  }

  @Override
  public int hashCode() {
    return version;
  }

  @Override
  public String toString() {
    return "GroupKey[version=" + version + ", " + secret + "]";
  }
}
