// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import java.io.IOException;
import java.util.Arrays;

/**
 * The fields of one CSV record (RFC 4180), as places in the window: a key is copied into an array
 * that is wiped, and never becomes a {@code String}, which no CSV library offers.
 *
 * <p>Records may also end with LF or CR alone.
 */
final class CsvRecord {
  private final Window window;
  private int[] from = new int[16];
  private int[] to = new int[16];
  private int count;
  private int length;

  CsvRecord(Window window) {
    this.window = window;
  }

  /** Returns the number of fields. */
  int count() {
    return count;
  }

  /** Returns how many bytes the record has, with its end. */
  int length() {
    return length;
  }

  /** Returns whether the first byte of the record, quotes included, is this one. */
  boolean beginsWith(char c) {
    return window.seen(0) == c;
  }

  private boolean isQuoted(int field) {
    return from[field] > 0 && window.seen(from[field] - 1) == '"';
  }

  /** Returns whether it is a line with nothing on it. */
  boolean isBlank() {
    return count == 1 && to[0] == 0;
  }

  /** Returns a field without its quotes. */
  byte[] field(int field) {
    byte[] bytes = window.copy(from[field], to[field]);
    return isQuoted(field) ? unescaped(bytes) : bytes;
  }

  private static byte[] unescaped(byte[] bytes) {
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      bytes[length++] = bytes[i];
      if (bytes[i] == '"') {
        i++; // the second of two
      }
    }
    if (length == bytes.length) {
      return bytes;
    }
    byte[] shorter = Arrays.copyOf(bytes, length);
    Arrays.fill(bytes, (byte) 0);
    return shorter;
  }

  /** Scans the record at the start of the window, which has one. */
  void scan() throws IOException, BadRow {
    count = 0;
    int offset = 0;
    while (true) {
      offset = window.at(offset) == '"' ? quoted(offset + 1) : plain(offset);
      int c = window.at(offset);
      if (c != ',') {
        length = offset + lineEnd(offset, c);
        return;
      }
      offset++;
    }
  }

  private int lineEnd(int offset, int c) throws IOException, BadRow {
    if (c != '\r' && c != '\n' && c != Window.END) {
      throw new BadRow(
          Reason.MALFORMED,
          "field " + count + " goes on after its closing quote; write a quote in a field twice");
    }
    return c == Window.END ? 0 : c == '\r' && window.at(offset + 1) == '\n' ? 2 : 1;
  }

  private int plain(int begin) throws IOException, BadRow {
    int offset = begin;
    for (int c = window.at(offset);
        c != ',' && c != '\n' && c != '\r' && c != Window.END;
        c = window.at(offset)) {
      if (c == '"') {
        throw new BadRow(
            Reason.MALFORMED, "field " + (count + 1) + " has a quote but does not begin with one");
      }
      offset = next(offset);
    }
    add(begin, offset);
    return offset;
  }

  private int quoted(int begin) throws IOException, BadRow {
    int offset = begin;
    while (true) {
      int c = window.at(offset);
      if (c == Window.END) {
        throw new BadRow(
            Reason.MALFORMED, "the quote that opens field " + (count + 1) + " is never closed");
      }
      if (c == '"' && window.at(offset + 1) != '"') {
        add(begin, offset);
        return offset + 1;
      }
      offset = next(c == '"' ? offset + 1 : offset);
    }
  }

  private static int next(int offset) throws BadRow {
    if (offset >= ManifestReader.MAX_ROW_LENGTH - 1) {
      throw new BadRow(
          Reason.TOO_LONG,
          "the row is longer than "
              + ManifestReader.MAX_ROW_LENGTH
              + " bytes; a quote may be missing");
    }
    return offset + 1;
  }

  private void add(int begin, int end) {
    if (count == from.length) {
      from = Arrays.copyOf(from, 2 * count);
      to = Arrays.copyOf(to, 2 * count);
    }
    from[count] = begin;
    to[count++] = end;
  }
}
