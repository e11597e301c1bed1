// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.text.Normalizer;
import java.util.Locale;

/** Escapes text from outside for one line of a log or terminal. */
public final class Printable {
  /** Letters and a pattern that show nothing, or a blank. */
  private static final String BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800";

  private Printable() {}

  /**
   * Returns a text without characters that could forge a log line or control a terminal, or that a
   * reader does not see. Different texts have different results, and these look different.
   *
   * @param text any text
   * @return the text, with control, format and unassigned characters and lone surrogates as a
   *     backslash, {@code u} and their code in hex, and the bytes of {@link PskIdentity#asString()}
   *     that are not UTF-8 as {@code \xNN}; backslashes are doubled. So are blanks at either end,
   *     blanks other than the space, characters that show nothing, and the combining marks of a
   *     text that is not in Unicode's form NFC, such as the accent behind a letter that has one of
   *     its own
   */
  public static String escape(String text) {
    if (isPlainAscii(text)) {
      return text;
    }
    boolean isComposed = Normalizer.isNormalized(text, Normalizer.Form.NFC);
    int start = leadingSpaces(text);
    int end = text.length() - leadingSpaces(new StringBuilder(text).reverse());
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean isInside = i >= start && i < end;
      append(out, c, isInside && isPlain(c) && (isComposed || !isMark(c)));
    }
    return out.toString();
  }

  private static int leadingSpaces(CharSequence text) {
    return (int) text.chars().takeWhile(c -> c == ' ').count();
  }

  private static boolean isPlainAscii(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
  }

  private static void append(StringBuilder out, int c, boolean isPlain) {
    if (c >= 0xdc80 && c <= 0xdcff) {
      out.append(String.format(Locale.ROOT, "\\x%02x", c - 0xdc00));
    } else if (c == '\\') {
      out.append("\\\\");
    } else if (isPlain) {
      out.appendCodePoint(c);
    } else {
      out.append(String.format(Locale.ROOT, c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
    }
  }

  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      case Character.NON_SPACING_MARK -> !isVariationSelector(c);
      default -> BLANK_LETTERS.indexOf(c) < 0;
    };
  }

  /** Returns whether a mark shows nothing itself; the grapheme joiner does not either. */
  private static boolean isVariationSelector(int c) {
    return c >= 0xfe00 && c <= 0xfe0f || c >= 0xe0100 && c <= 0xe01ef || c == 0x34f;
  }
}
