package io.github.lwm2mcreds;

import java.util.Locale;

/** Escapes text from outside for one line of a log or terminal. */
public final class Printable {
  private Printable() {}

  /**
   * Returns a text without characters that could forge a log line or control a terminal. Different
   * texts have different results.
   *
   * @param text any text
   * @return the text, with control, format and unassigned characters and lone surrogates as a
   *     backslash, {@code u} and their code in hex, and the bytes of {@link PskIdentity#asString()}
   *     that are not UTF-8 as {@code \xNN}; backslashes are doubled
   */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c >= 0xdc80 && c <= 0xdcff) {
                out.append(String.format(Locale.ROOT, "\\x%02x", c - 0xdc00));
              } else if (c == '\\') {
                out.append("\\\\");
              } else if (isPlain(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(String.format(Locale.ROOT, c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
              }
            });
    return out.toString();
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
      default -> true;
    };
  }
}
