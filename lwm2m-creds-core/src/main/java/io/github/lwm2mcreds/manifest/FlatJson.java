// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A JSON object (RFC 8259) without objects or arrays in it, read from bytes. Values stay bytes, as
 * some are keys: JSON libraries keep text in buffers that are not wiped.
 */
final class FlatJson {
  private static final Pattern SCALAR =
      Pattern.compile("true|false|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  private final byte[] text;
  private int at;

  private FlatJson(byte[] text) {
    this.text = text;
  }

  /** What is done with a member. */
  @FunctionalInterface
  interface Members {
    /**
     * Uses a member.
     *
     * @param value a string's content in UTF-8, or a number or truth value as it is written; the
     *     receiver's from now on; empty for null
     * @param isString whether it is a string or null
     */
    void member(String name, byte[] value, boolean isString) throws BadRow;
  }

  /** Reads an object and hands out its members in their order. */
  static void parse(byte[] text, Members members) throws BadRow {
    FlatJson json = new FlatJson(text);
    json.object(members);
    if (json.peek() >= 0) {
      throw json.malformed("there is more after the object");
    }
  }

  private void object(Members members) throws BadRow {
    expect('{');
    if (peek() == '}') {
      at++;
      return;
    }
    Set<String> seen = new HashSet<>();
    do {
      String name = name();
      if (!seen.add(ManifestColumn.named(name).map(ManifestColumn::title).orElse(name))) {
        throw new BadRow(name, Reason.DUPLICATE_COLUMN, "the object has the member twice");
      }
      expect(':');
      value(name, members);
    } while (next() == ',');
    at--;
    expect('}');
  }

  private String name() throws BadRow {
    if (peek() != '"') {
      throw malformed("the name of a member is expected");
    }
    return Utf8.decode(string())
        .orElseThrow(() -> new BadRow(Reason.NOT_UTF8, "the name of a member is not UTF-8"));
  }

  private void value(String name, Members members) throws BadRow {
    int c = peek();
    if (c == '"') {
      members.member(name, string(), true);
    } else if (c == '{' || c == '[') {
      throw new BadRow(name, Reason.MALFORMED, "the value is an object or array; rows are flat");
    } else {
      scalar(name, members);
    }
  }

  private void scalar(String name, Members members) throws BadRow {
    int from = at;
    while (at < text.length && ",} \t\r\n".indexOf(text[at]) < 0) {
      at++;
    }
    String scalar = new String(text, from, Math.min(at - from, 400), StandardCharsets.ISO_8859_1);
    if (scalar.equals("null")) {
      members.member(name, new byte[0], true);
    } else if (SCALAR.matcher(scalar).matches()) {
      members.member(name, scalar.getBytes(StandardCharsets.ISO_8859_1), false);
    } else {
      at = from;
      throw malformed("a value is expected");
    }
  }

  /** Reads a string. Escaped code units U+DC80 to U+DCFF are the bytes that PskIdentity means. */
  private byte[] string() throws BadRow {
    int from = ++at;
    boolean escaped = false;
    for (; at < text.length && text[at] != '"'; at++) {
      if (text[at] >= 0 && text[at] < ' ') {
        throw malformed("a control character is not escaped");
      }
      if (text[at] == '\\') {
        escaped = true;
        at++;
      }
    }
    if (at >= text.length) {
      throw malformed("a string does not end");
    }
    byte[] raw = Arrays.copyOfRange(text, from, at++);
    return escaped ? new JsonEscapes(raw).decode() : raw;
  }

  private void expect(char c) throws BadRow {
    if (peek() != c) {
      throw malformed("'" + c + "' is expected");
    }
    at++;
  }

  private int next() {
    int c = peek();
    at++;
    return c;
  }

  /** Returns the next byte that is not white space; -1 at the end. */
  private int peek() {
    while (at < text.length && " \t\r\n".indexOf(text[at]) >= 0) {
      at++;
    }
    return at < text.length ? text[at] & 0xff : -1;
  }

  private BadRow malformed(String what) {
    return new BadRow(
        Reason.MALFORMED, "not a flat JSON object: byte " + (at + 1) + " of the row: " + what);
  }
}
