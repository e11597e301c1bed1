// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.HexFormat;
import java.util.Optional;

/** Recognises keys whose bytes are text: hex digits, Base64 or a UUID. */
final class KeyText {
  private static final int UUID_LENGTH = 36;
  private static final String WHITE_SPACE = "\0\t\n\r ";
  private static final String SEPARATORS = WHITE_SPACE + ":-,";

  private final byte[] key;
  private int start;
  private int end;

  private KeyText(byte[] key) {
    this.key = key;
    this.end = key.length;
    while (start < end && is(WHITE_SPACE, start)) {
      start++;
    }
    while (end > start && is(WHITE_SPACE, end - 1)) {
      end--;
    }
    if (end - start > 2 && isQuoted()) {
      start++;
      end--;
    }
  }

  /** Returns what kind of text a key is; empty if it is none, or too short to tell. */
  static Optional<KeyWeakness> recognise(byte[] key) {
    if (key.length < KeyPolicy.MIN_STRONG_LENGTH) {
      return Optional.empty();
    }
    KeyText text = new KeyText(key);
    if (text.isUuid()) {
      return Optional.of(KeyWeakness.ASCII_UUID);
    }
    if (text.isHex()) {
      return Optional.of(KeyWeakness.ASCII_HEX);
    }
    return text.isBase64() ? Optional.of(KeyWeakness.ASCII_BASE64) : Optional.empty();
  }

  private boolean is(String characters, int i) {
    return key[i] >= 0 && characters.indexOf(key[i]) >= 0;
  }

  private boolean isQuoted() {
    return is("\"'", start) && key[start] == key[end - 1]
        || key[start] == '{' && key[end - 1] == '}';
  }

  private boolean isUuid() {
    if (end - start != UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
      byte c = key[start + i];
      if (hyphen ? c != '-' : !HexFormat.isHexDigit(c)) {
        return false;
      }
    }
    return true;
  }

  /** Whether half are hex digits, and all others are what is put between them. */
  private boolean isHex() {
    int digits = 0;
    for (int i = start; i < end; i++) {
      boolean prefix = is("xX", i) && i > start && key[i - 1] == '0';
      if (HexFormat.isHexDigit(key[i])) {
        digits++;
      } else if (!prefix && !is(SEPARATORS, i)) {
        return false;
      }
    }
    return 2 * digits >= key.length;
  }

  /** Whether it has the length of Base64 of 16, 32 or 64 bytes, and ends as that does. */
  private boolean isBase64() {
    int last = end;
    while (last > start && end - last < 2 && key[last - 1] == '=') {
      last--;
    }
    int padding = end - last;
    String lastDigits =
        switch (last - start) {
          case 22, 86 -> "AQgw"; // two bits of the last byte, and four that are 0
          case 43 -> "AEIMQUYcgkosw048";
          default -> "";
        };
    int fullPadding = last - start == 43 ? 1 : 2;
    if (lastDigits.isEmpty()
        || padding != 0 && padding != fullPadding
        || !is(lastDigits, last - 1)) {
      return false;
    }
    for (int i = start; i < last; i++) {
      if (!isBase64Digit(key[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBase64Digit(byte c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '+'
        || c == '/'
        || c == '-'
        || c == '_';
  }
}
