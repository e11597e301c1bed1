package io.github.lwm2mcreds;

import java.util.Set;
import java.util.stream.Collectors;

/** A reason why a pre-shared key should not protect a device. */
public enum KeyWeakness {
  /** Fewer than 16 bytes, the minimum that LwM2M transport recommends and RFC 9257 §6 requires. */
  TOO_SHORT("has fewer than 16 bytes"),
  /**
   * The built-in key of dm-lwm2m firmware, {@code 000102030405060708090a0b0c0d0e0f}, which everyone
   * knows.
   */
  BUILT_IN_KEY("is the firmware's built-in key, which everyone knows"),
  /** One byte, repeated. */
  ALL_BYTES_EQUAL("repeats one byte"),
  /** Each byte is one more, or each is one less, than the byte before it. */
  COUNTING_SEQUENCE("counts up or down"),
  /** 32 or 64 bytes that are all ASCII hex digits: a key's text instead of the key. */
  ASCII_HEX("is hex text instead of bytes; decode it first");

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
