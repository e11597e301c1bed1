// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * A reason why a pre-shared key should not protect a device.
 *
 * <p>A random key has one by chance, too, and is then refused without need. The probability is
 * given with each reason, for keys of 16 bytes, the shortest that are not {@link #TOO_SHORT},
 * unless it says otherwise. Together they are below 2<sup>-49</sup>: of a million devices made each
 * day, one is refused in over a million years.
 */
public enum KeyWeakness {
  /** Fewer than 16 bytes, the minimum that LwM2M transport recommends and RFC 9257 §6 requires. */
  TOO_SHORT("has fewer than 16 bytes"),
  /**
   * The built-in key of dm-lwm2m firmware, {@code 000102030405060708090a0b0c0d0e0f}, which everyone
   * knows; 2<sup>-128</sup> by chance.
   */
  BUILT_IN_KEY("is the firmware's built-in key, which everyone knows"),
  /** One byte, repeated; 2<sup>-120</sup> by chance. */
  ALL_BYTES_EQUAL("repeats one byte"),
  /**
   * Each byte is as much more than the byte before it, or as much less, as in {@code 0123456789…}
   * or {@code 00112233…}; 2<sup>-112</sup> by chance. In keys of fewer than 8 bytes, only steps of
   * 1 count.
   */
  COUNTING_SEQUENCE("counts up or down"),
  /**
   * At least 16 bytes that are hex digits in ASCII, with or without 0x, colons, blanks and line
   * ends: a key's text instead of the key; below 2<sup>-49</sup> by chance.
   */
  ASCII_HEX("is hex text instead of bytes; decode it first"),
  /**
   * Base64 of 16, 32 or 64 bytes, of either alphabet, with or without padding and line ends,
   * instead of these bytes; below 2<sup>-47</sup> by chance in keys of 22 to 26 bytes, below
   * 2<sup>-86</sup> in longer ones, and never in others.
   */
  ASCII_BASE64("is Base64 text instead of bytes; decode it first"),
  /**
   * The text of a UUID, which is not random in all its digits; below 2<sup>-145</sup> by chance.
   */
  ASCII_UUID("is the text of a UUID instead of random bytes"),
  /**
   * At least 8 bytes in which fewer than 16 come again and again, such as {@code deadbeef} four
   * times; 2<sup>-63.9</sup> by chance, and 2<sup>-31.9</sup> in keys of 8 bytes.
   */
  REPEATING_PATTERN("repeats a short pattern");

  private final String description;

  KeyWeakness(String description) {
    this.description = description;
  }

  /**
   * Returns a text for people that describes several weaknesses and follows "the key".
   *
   * @param weaknesses at least one
   * @return predicates without a full stop
   */
  public static String describe(Set<KeyWeakness> weaknesses) {
    return weaknesses.stream().map(KeyWeakness::description).collect(Collectors.joining(" and "));
  }

  /**
   * Returns a text for people that follows "the key".
   *
   * @return a predicate without a full stop
   */
  public String description() {
    return description;
  }
}
