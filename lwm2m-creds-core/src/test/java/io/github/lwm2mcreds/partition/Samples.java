// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Partitions to test with, and generators of them. */
final class Samples {
  static final String TUTORIAL_TOKEN = "000102030405060708090a0b0c0d0e0f";
  static final String TOKEN = "8f1e6c0ad2b94735a1c85e7f30d69b42";

  /** The partition of endpoint {@code deadbeef} and {@link #TOKEN}. */
  static final byte[] PARTITION = partition("deadbeef", TOKEN);

  private static final String DIGITS = "0123456789abcdef";
  private static final String LETTERS = "0189afgzAFGZmM";

  private Samples() {}

  /** Bytes from hex with white space in it. */
  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  /** Two fields of 33 bytes, NUL-padded; a char is a byte, so that any content can be written. */
  static byte[] partition(String endpoint, String token) {
    return join(field(endpoint), field(token));
  }

  static byte[] field(String content) {
    return Arrays.copyOf(content.getBytes(ISO_8859_1), 33);
  }

  private static byte[] join(byte[] endpoint, byte[] token) {
    byte[] both = Arrays.copyOf(endpoint, 66);
    System.arraycopy(token, 0, both, 33, 33);
    return both;
  }

  /** What an Intel HEX file holds. */
  static SparseImage sparseImage(byte[] file) throws FlashImageException {
    SparseImage image = new SparseImage();
    IntelHex.decode(file, image);
    return image;
  }

  /** Well-formed partitions, tokens of either case or both. */
  static Arbitrary<byte[]> validPartitions() {
    Arbitrary<String> tokens =
        Arbitraries.oneOf(text(DIGITS, 32, 32), text(DIGITS + "ABCDEF", 32, 32));
    return Combinators.combine(endpoints(), tokens).as(Samples::partition);
  }

  /** 1 to 32 printable ASCII characters. */
  static Arbitrary<String> endpoints() {
    return Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(32);
  }

  /** Any 66 bytes, most of them near what firmware and codec tell apart. */
  static Arbitrary<byte[]> anyPartitions() {
    Arbitrary<byte[]> laidOut = Combinators.combine(anyFields(), anyFields()).as(Samples::join);
    Arbitrary<byte[]> touched =
        Combinators.combine(validPartitions(), Arbitraries.integers().between(0, 65), bytes())
            .as(
                (partition, at, value) -> {
                  partition[at] = value;
                  return partition;
                });
    // The edges are in the fields already; jqwik's own, combined, would be most of the tries.
    return Arbitraries.frequencyOf(
            Tuple.of(6, laidOut),
            Tuple.of(2, touched),
            Tuple.of(1, validPartitions()),
            Tuple.of(1, bytes().array(byte[].class).ofSize(66)))
        .withoutEdgeCases();
  }

  private static Arbitrary<byte[]> anyFields() {
    byte[] erased = new byte[33];
    Arrays.fill(erased, (byte) 0xff);
    return Arbitraries.oneOf(
        Arbitraries.create(erased::clone),
        text(DIGITS, 32, 32).map(Samples::field),
        text(LETTERS, 32, 32).map(Samples::field),
        text(LETTERS, 0, 31).map(Samples::field),
        text(LETTERS, 33, 33).map(Samples::field), // not terminated
        text(LETTERS + "\0", 32, 32).map(Samples::field), // dirt after a terminator
        text(LETTERS + "/:@[`{ -\u00e9\u00ff", 32, 32).map(Samples::field),
        bytes().array(byte[].class).ofSize(33),
        bytes().array(byte[].class).ofSize(32).map(field -> Arrays.copyOf(field, 33)));
  }

  private static Arbitrary<String> text(String characters, int min, int max) {
    return Arbitraries.strings()
        .withChars(characters.toCharArray())
        .ofMinLength(min)
        .ofMaxLength(max);
  }

  private static Arbitrary<Byte> bytes() {
    return Arbitraries.bytes();
  }
}
