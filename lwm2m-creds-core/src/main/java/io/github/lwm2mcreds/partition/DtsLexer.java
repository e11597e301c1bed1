// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.partition.DtsToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Splits a line, which has no comments any more, into tokens. */
final class DtsLexer {
  private final String line;
  private final DtsPlace place;
  private final List<DtsToken> tokens = new ArrayList<>();
  private int at;
  private boolean spaced = true;

  private DtsLexer(String line, DtsPlace place) {
    this.line = line;
    this.place = place;
  }

  static List<DtsToken> tokens(String line, DtsPlace place) throws FlashImageException {
    DtsLexer lexer = new DtsLexer(line, place);
    while (lexer.at < line.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  private void next() throws FlashImageException {
    char c = line.charAt(at);
    if (c <= ' ') {
      at++;
      spaced = true;
    } else if (isWordPart(c)) {
      int start = at;
      while (at < line.length() && isWordPart(line.charAt(at))) {
        at++;
      }
      add(Kind.WORD, line.substring(start, at));
    } else if (c == '"') {
      string();
    } else if (c == '\'' && endOfCharacter() > 0) {
      int start = at;
      at = endOfCharacter();
      add(Kind.CHARACTER, line.substring(start + 1, at - 1));
    } else {
      at++;
      add(Kind.PUNCTUATION, String.valueOf(c));
    }
  }

  private void string() throws FlashImageException {
    int end = endOfQuoted(line, at);
    if (end < 0) {
      throw place.malformed("a string is not closed");
    }
    String text = line.substring(at + 1, end - 1);
    at = end;
    add(Kind.STRING, text);
  }

  private int endOfCharacter() {
    int close = line.startsWith("\\", at + 1) ? at + 3 : at + 2;
    return close < line.length() && line.charAt(close) == '\'' ? close + 1 : -1;
  }

  private void add(Kind kind, String text) {
    tokens.add(new DtsToken(kind, text, place, spaced, null));
    spaced = false;
  }

  static boolean isWordPart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }

  /** Returns the index after the quote that closes a string; -1 if none does. */
  static int endOfQuoted(CharSequence text, int start) {
    for (int i = start + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
      if (text.charAt(i) == '"') {
        return i + 1;
      }
      if (text.charAt(i) == '\\') {
        i++;
      }
    }
    return -1;
  }
}
