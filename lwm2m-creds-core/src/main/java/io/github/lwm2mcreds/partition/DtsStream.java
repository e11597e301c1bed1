// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Tokens for a parser, which may look at the next two. */
final class DtsStream {
  private final DtsPreprocessor tokens;
  private final Deque<DtsToken> ahead = new ArrayDeque<>();
  private DtsPlace place = new DtsPlace("", 1, false);

  DtsStream(DtsPreprocessor tokens) {
    this.tokens = tokens;
  }

  /** Returns where the last token was that was taken. */
  DtsPlace place() {
    return place;
  }

  boolean atEnd() throws FlashImageException {
    return !lookAhead(1);
  }

  private boolean lookAhead(int count) throws FlashImageException {
    while (ahead.size() < count) {
      DtsToken token = tokens.next();
      if (token == null) {
        return false;
      }
      ahead.add(token);
    }
    return true;
  }

  DtsToken take() throws FlashImageException {
    if (!lookAhead(1)) {
      throw place.malformed("the devicetree ends too early; is a brace or semicolon missing?");
    }
    place = ahead.element().place();
    return ahead.remove();
  }

  boolean takes(char punctuation) throws FlashImageException {
    boolean found = lookAhead(1) && ahead.element().is(punctuation);
    if (found) {
      take();
    }
    return found;
  }

  void expect(char punctuation) throws FlashImageException {
    DtsToken token = take();
    if (!token.is(punctuation)) {
      throw unexpected(token);
    }
  }

  /** Takes a label with its colon; empty if there is none. */
  String label() throws FlashImageException {
    if (!lookAhead(2) || !ahead.element().isIdentifier()) {
      return "";
    }
    Iterator<DtsToken> two = ahead.iterator();
    DtsToken label = two.next();
    if (!two.next().is(':')) {
      return "";
    }
    take();
    take();
    return label.text();
  }

  String word() throws FlashImageException {
    DtsToken token = take();
    if (!token.isWord()) {
      throw unexpected(token);
    }
    return token.text();
  }

  String string() throws FlashImageException {
    DtsToken token = take();
    if (token.kind() != DtsToken.Kind.STRING) {
      throw unexpected(token);
    }
    return token.text();
  }

  /** Takes the name of a node, property or directive. */
  String name() throws FlashImageException {
    DtsToken first = take();
    if (!first.isNamePart()) {
      throw unexpected(first);
    }
    StringBuilder name = new StringBuilder(first.text());
    while (lookAhead(1) && !ahead.element().spaced() && ahead.element().isNamePart()) {
      name.append(take().text());
    }
    return name.toString();
  }

  /** Takes a path up to its closing brace. */
  String path() throws FlashImageException {
    StringBuilder path = new StringBuilder();
    while (!takes('}')) {
      path.append(take().text());
    }
    return path.toString();
  }

  /** Takes a value up to its semicolon, and keeps it if it is wanted. */
  List<DtsToken> value(boolean wanted) throws FlashImageException {
    List<DtsToken> value = new ArrayList<>();
    DtsToken before = null;
    boolean inPath = false;
    for (DtsToken token = take(); !token.is(';'); token = take()) {
      boolean opens = token.is('{') && before != null && before.is('&');
      if (token.is('{') && !opens || token.is('}') && !inPath) {
        throw unexpected(token);
      }
      inPath = opens || inPath && !token.is('}');
      before = token;
      if (wanted) {
        value.add(token);
      }
    }
    return value;
  }

  FlashImageException unexpected(DtsToken token) {
    return token
        .place()
        .malformed(
            "'" + Printable.escape(DtsNumber.shortened(token.text())) + "' does not belong there");
  }

  /** Reads a file in front of the tokens that follow. */
  void include(String name) throws FlashImageException {
    tokens.include(name);
  }
}
