package io.github.lwm2mcreds;

import java.util.Set;
import java.util.stream.Collectors;

/** Why a pre-shared key should not protect a device. */
public enum KeyWeakness {
  /** Fewer than 16 bytes, the least that LwM2M transport recommends and RFC 9257 §6 asks for. */
  TOO_SHORT("has fewer than 16 bytes"),
  /**
   * The key that dm-lwm2m firmware has built in, {@code 000102030405060708090a0b0c0d0e0f}: everyone
   * knows it.
   */
  BUILT_IN_KEY("is the firmware's built-in key, which everyone knows"),
  /** The same byte again and again. */
  ALL_BYTES_EQUAL("repeats one byte"),
  /** Each byte one more, or each byte one less, than the one before. */
  COUNTING_SEQUENCE("counts up or down"),
  /** 32 or 64 bytes, all of them ASCII hex digits: the text of a key, taken for the key. */
  ASCII_HEX("is hex text taken for bytes: decode it first");

  private final String description;

  KeyWeakness(String description) {
    this.description = description;
  }

  /**
   * Says several of them for people, to follow "the key".
   *
   * @param weaknesses at least one
   * @return predicates without a full stop
   */
  public static String describe(Set<KeyWeakness> weaknesses) {
    return weaknesses.stream().map(KeyWeakness::description).collect(Collectors.joining(" and "));
  }

  /**
   * Says the same for people, to follow "the key".
   *
   * @return a predicate without a full stop
   */
  public String description() {
    return description;
  }
}
