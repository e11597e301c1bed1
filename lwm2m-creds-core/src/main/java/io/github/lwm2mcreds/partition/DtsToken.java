// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

/**
 * A token as C's preprocessor sees it; names of devicetree are several tokens without blanks
 * between them.
 *
 * @param text its text; of a string, without the quotes
 * @param spaced whether a blank stands before it
 * @param hidden the macros that it came from, which do not expand it again
 */
record DtsToken(Kind kind, String text, DtsPlace place, boolean spaced, Hidden hidden) {
  enum Kind {
    /** Letters, digits and underscores. */
    WORD,
    /** A string in double quotes. */
    STRING,
    /** A character in single quotes. */
    CHARACTER,
    /** Any other character, alone. */
    PUNCTUATION
  }

  /** A list of macros. */
  record Hidden(String macro, Hidden rest) {
    static boolean contains(Hidden list, String macro) {
      for (Hidden at = list; at != null; at = at.rest) {
        if (at.macro.equals(macro)) {
          return true;
        }
      }
      return false;
    }
  }

  boolean is(char punctuation) {
    return kind == Kind.PUNCTUATION && text.charAt(0) == punctuation;
  }

  boolean isWord() {
    return kind == Kind.WORD;
  }

  boolean isIdentifier() {
    return kind == Kind.WORD && !Character.isDigit(text.charAt(0));
  }

  /** Whether it can be a part of the name of a node or property. */
  boolean isNamePart() {
    return kind == Kind.WORD || kind == Kind.PUNCTUATION && ",._+*#?@-".contains(text);
  }

  /** Returns this token as the expansion of a macro. */
  DtsToken expandedFrom(DtsToken use) {
    return new DtsToken(kind, text, use.place, spaced, new Hidden(use.text, use.hidden));
  }

  DtsToken withSpaced(boolean isSpaced) {
    return new DtsToken(kind, text, place, isSpaced, hidden);
  }

  DtsToken withText(String newText) {
    return new DtsToken(Kind.WORD, newText, place, spaced, hidden);
  }
}
