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
 * A secret from which the keys of a whole group of devices are derived, in one of its versions.
 * Whoever has it has every device's key: it belongs to the factory and the servers, never into a
 * device.
 *
 * <p>The bytes must be random: a passphrase is no group key. The only way to them is {@link
 * #exposeBytes()}.
 */
public final class GroupKey implements Destroyable {
  /** The least bytes a group key may have. */
  public static final int MIN_LENGTH = KeyPolicy.MIN_STRONG_LENGTH;

  /** The most bytes a group key may have. */
  public static final int MAX_LENGTH = PreSharedKey.MAX_LENGTH;

  /** The highest version a group key may have. */
  public static final int MAX_VERSION = 9999;

  private final int version;
  private final PreSharedKey secret;

  private GroupKey(int version, PreSharedKey secret) {
    this.version = version;
    this.secret = secret;
  }

  /**
   * Makes a group key from bytes.
   *
   * @param version 1 to 9999: which of its group's keys this is, the newest having the highest
   * @param bytes 16 to 64 random bytes, better 32 or more; copied, so the caller may wipe its own
   * @return the group key
   * @throws IllegalArgumentException if the version or the length is out of range, or the bytes are
   *     obviously not random
   */
  public static GroupKey copyOf(int version, byte[] bytes) {
    checkVersion(version);
    if (bytes.length < MIN_LENGTH || bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a group key has "
              + MIN_LENGTH
              + " to "
              + MAX_LENGTH
              + " bytes, not "
              + bytes.length
              + "; if it came as hex or Base64, decode it first");
    }
    return of(version, PreSharedKey.copyOf(bytes));
  }

  /** Takes a secret over, or destroys it if it is weak. */
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
          "versions of group keys are 1 to " + MAX_VERSION + ", not " + version);
    }
  }

  /**
   * Says which of its group's keys this is.
   *
   * @return 1 to 9999
   */
  public int version() {
    return version;
  }

  /**
   * Gives the secret bytes away: the one way out, to be searched for in reviews.
   *
   * @return a copy, which the caller should wipe after use
   * @throws IllegalStateException if the group key was destroyed
   */
  public byte[] exposeBytes() {
    return secret.exposeBytes();
  }

  /**
   * Gives the key's public fingerprint, to see whether factory and server have the same.
   *
   * @return the check value
   * @throws IllegalStateException if the group key was destroyed
   */
  public KeyCheckValue checkValue() {
    return secret.checkValue();
  }

  /**
   * Derives a key by a function of the secret bytes, and wipes what the function was given and
   * gave.
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

  /** Overwrites the secret bytes; nothing can be derived from it afterwards. */
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
