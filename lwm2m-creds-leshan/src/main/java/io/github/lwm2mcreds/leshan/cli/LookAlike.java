// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import java.text.Normalizer;
import java.util.Optional;

/** Names that people read as another: with a blank at the end, or in another Unicode form. */
final class LookAlike {
  private LookAlike() {}

  /** Returns the name that a reader sees, if it is another. */
  static Optional<String> of(String name) {
    String seen = seen(name);
    return seen.equals(name) ? Optional.empty() : Optional.of(seen);
  }

  /** Returns the same with a phrase before it, or nothing. */
  static String note(String name) {
    return of(name).map(seen -> "looks like " + StoreRow.quoted(seen)).orElse("");
  }

  /** Returns a name without what shows nothing, in the form that Unicode recommends. */
  static String seen(String name) {
    StringBuilder seen = new StringBuilder(name.length());
    Normalizer.normalize(name, Normalizer.Form.NFC)
        .codePoints()
        .filter(c -> c == '\\' || Character.isSpaceChar(c) || isSeen(c))
        .forEach(c -> seen.appendCodePoint(Character.isSpaceChar(c) ? ' ' : c));
    return seen.toString().strip();
  }

  private static boolean isSeen(int c) {
    String character = Character.toString(c);
    return Printable.escape(character).equals(character);
  }
}
