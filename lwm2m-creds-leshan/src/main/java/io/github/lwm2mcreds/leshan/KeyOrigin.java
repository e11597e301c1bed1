// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.PreSharedKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What a single key tells about how it was made, as codes of findings. */
final class KeyOrigin {
  static final String DERIVED = "DERIVED_FROM_ENDPOINT";
  static final String FEW_VALUES = "FEW_BYTE_VALUES";
  static final String PRINTABLE = "TEXT_INSTEAD_OF_BYTES";

  /** The most values that 16 or more random bytes have with a probability below 4e-10. */
  private static final int FEW = 8;

  private static final List<String> HASHES = List.of("MD5", "SHA-1", "SHA-256", "SHA-512");

  private KeyOrigin() {}

  /** Returns the codes of what is wrong; of {@link KeyWeakness} by their names. */
  static List<String> codes(String endpoint, byte[] bytes, PreSharedKey key) {
    List<String> codes = new ArrayList<>();
    for (KeyWeakness weakness : KeyPolicy.weaknesses(key)) {
      codes.add(weakness.name());
    }
    if (isDerived(endpoint, bytes)) {
      codes.add(DERIVED);
    }
    if (codes.isEmpty() && distinct(bytes) <= FEW) {
      codes.add(FEW_VALUES);
    }
    if (codes.isEmpty() && isText(bytes)) {
      codes.add(PRINTABLE);
    }
    return codes;
  }

  private static int distinct(byte[] key) {
    BitSet values = new BitSet();
    for (byte value : key) {
      values.set(value & 0xff);
    }
    return values.cardinality();
  }

  /** Letters, digits, blank, dot, hyphen and underscore: below 4e-10 by chance in 16 bytes. */
  private static boolean isText(byte[] key) {
    for (byte value : key) {
      int c = value & 0xff;
      boolean isLetter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!isLetter && !(c >= '0' && c <= '9') && " .-_".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a key is its endpoint's name, padded, repeated, reversed, or hashed and cut. */
  private static boolean isDerived(String endpoint, byte[] key) {
    for (String name : List.of(endpoint, tail(endpoint))) {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      if (isOf(text, key) || isOf(reversed(text), key) || isHash(text, key)) {
        return true;
      }
      if (name.matches("(?:[0-9a-fA-F]{2}){4,}") && isOf(HexFormat.of().parseHex(name), key)) {
        return true;
      }
    }
    return false;
  }

  /** Returns what is behind the last colon or hyphen, such as a serial number. */
  private static String tail(String endpoint) {
    return endpoint.substring(Math.max(endpoint.lastIndexOf(':'), endpoint.lastIndexOf('-')) + 1);
  }

  private static byte[] reversed(byte[] text) {
    byte[] reversed = new byte[text.length];
    for (int i = 0; i < text.length; i++) {
      reversed[i] = text[text.length - 1 - i];
    }
    return reversed;
  }

  /** Whether the key is the text, cut, repeated, or with one padding byte before or behind it. */
  private static boolean isOf(byte[] text, byte[] key) {
    if (text.length < 4) {
      return false; // too short to be told from chance
    }
    int shared = Math.min(text.length, key.length);
    boolean begins = Arrays.equals(text, 0, shared, key, 0, shared);
    boolean ends =
        Arrays.equals(text, 0, shared, key, key.length - shared, key.length)
            && isConstant(key, 0, key.length - shared);
    return ends || begins && (isConstant(key, shared, key.length) || repeats(text, key));
  }

  private static boolean isConstant(byte[] key, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (key[i] != key[from]) {
        return false;
      }
    }
    return true;
  }

  private static boolean repeats(byte[] text, byte[] key) {
    for (int i = 0; i < key.length; i++) {
      if (key[i] != text[i % text.length]) {
        return false;
      }
    }
    return true;
  }

  /** Whether the key is the beginning of a hash of the name, in any case of its letters. */
  private static boolean isHash(byte[] text, byte[] key) {
    String name = new String(text, StandardCharsets.UTF_8);
    for (String each :
        List.of(name, name.toUpperCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))) {
      for (String algorithm : HASHES) {
        byte[] hash = hash(algorithm, each.getBytes(StandardCharsets.UTF_8));
        int length = Math.min(hash.length, key.length);
        if (length >= 8 && Arrays.equals(hash, 0, length, key, 0, length)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns nothing if a FIPS provider does not have the hash. */
  private static byte[] hash(String algorithm, byte[] text) {
    try {
      return MessageDigest.getInstance(algorithm).digest(text);
    } catch (NoSuchAlgorithmException e) {
      return new byte[0];
    }
  }
}
