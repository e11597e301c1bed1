// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads integer and character literals of C. */
final class DtsNumber {
  private static final Pattern NUMBER =
      Pattern.compile("(?:0[xX]([0-9a-fA-F]{1,16})|(0[0-7]*)|([1-9][0-9]{0,18}))[uUlL]{0,3}");

  private DtsNumber() {}

  static long value(DtsToken token) throws FlashImageException {
    if (token.kind() == DtsToken.Kind.CHARACTER) {
      return token.text().charAt(token.text().length() - 1);
    }
    Matcher number = NUMBER.matcher(token.text());
    if (!token.isWord() || !number.matches()) {
      throw token
          .place()
          .malformed("'" + Printable.escape(shortened(token.text())) + "' is not a number");
    }
    try {
      if (number.group(1) != null) {
        return Long.parseUnsignedLong(number.group(1), 16);
      }
      return number.group(2) != null
          ? Long.parseLong(number.group(2), 8)
          : Long.parseLong(number.group(3));
    } catch (NumberFormatException e) {
      throw token.place().malformed("a number is too large");
    }
  }

  static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
