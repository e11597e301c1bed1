// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

/**
 * Reads the lines of a source as C does: lines that end in a backslash are joined, and comments are
 * blanks.
 */
final class DtsLines {
  private final DtsSource source;
  private final String text;
  private int at;
  private int number; // of the line that begins at that index, less 1
  private int startedOn;
  private String lookedAt;
  private int lookedAtOn;

  DtsLines(DtsSource source) {
    this.source = source;
    this.text = source.text();
  }

  DtsSource source() {
    return source;
  }

  /** Returns the number of the line that {@link #next} returned, from 1. */
  int number() {
    return startedOn;
  }

  /** Returns the next line; null after the last one. */
  String next() throws FlashImageException {
    if (lookedAt != null) {
      String line = lookedAt;
      lookedAt = null;
      startedOn = lookedAtOn;
      return line;
    }
    if (at >= text.length()) {
      return null;
    }
    startedOn = ++number;
    StringBuilder line = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\n') {
        return line.toString();
      }
      append(c, line);
    }
    return line.toString();
  }

  /** Returns the next line that is not blank, without going on to it; empty if there is none. */
  String lookAhead() throws FlashImageException {
    int current = startedOn;
    String line = next();
    while (line != null && line.isBlank()) {
      line = next();
    }
    lookedAt = line;
    lookedAtOn = startedOn;
    startedOn = current;
    return line == null ? "" : line;
  }

  private void append(char c, StringBuilder line) throws FlashImageException {
    if (c == '\\' && endOfLine() > 0) {
      at = endOfLine();
      number++;
    } else if (c == '/' && text.startsWith("*", at)) {
      skipComment();
      line.append(' ');
    } else if (c == '/' && text.startsWith("/", at)) {
      at = endOfText();
    } else if (c == '"') {
      int end = DtsLexer.endOfQuoted(text, at - 1);
      end = end < 0 ? endOfText() : end;
      line.append(text, at - 1, end);
      at = end;
    } else {
      line.append(c);
    }
  }

  /** Returns the index of the line's end. */
  private int endOfText() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  /** Returns the index after a line's end that comes next; -1 if none does. */
  private int endOfLine() {
    if (text.startsWith("\n", at)) {
      return at + 1;
    }
    return text.startsWith("\r\n", at) ? at + 2 : -1;
  }

  private void skipComment() throws FlashImageException {
    int end = text.indexOf("*/", at + 1);
    if (end < 0) {
      throw new DtsPlace(source.name(), number, false).malformed("a comment is not closed");
    }
    number += (int) text.substring(at, end).chars().filter(c -> c == '\n').count();
    at = end + 2;
  }
}
