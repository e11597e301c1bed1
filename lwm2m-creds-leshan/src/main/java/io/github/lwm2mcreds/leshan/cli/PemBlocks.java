// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The blocks of a PEM file (RFC 7468), read as bytes, as some are keys. */
final class PemBlocks {
  private static final byte[] BEGIN = "-----BEGIN ".getBytes(ISO_8859_1);

  private PemBlocks() {}

  static boolean isPem(byte[] content) {
    return indexOf(content, BEGIN, 0) >= 0;
  }

  /** Returns the content of the first block of a type; empty if there is none. */
  static byte[] first(byte[] content, String type) {
    byte[] begin = ("-----BEGIN " + type + "-----").getBytes(ISO_8859_1);
    byte[] end = ("-----END " + type + "-----").getBytes(ISO_8859_1);
    int from = indexOf(content, begin, 0);
    int to = from < 0 ? -1 : indexOf(content, end, from);
    if (to < 0) {
      return new byte[0];
    }
    byte[] text = Arrays.copyOfRange(content, from + begin.length, to);
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /** Returns the content of all blocks of a type, in their order. */
  static List<byte[]> all(byte[] content, String type) {
    byte[] end = ("-----END " + type + "-----").getBytes(ISO_8859_1);
    List<byte[]> found = new ArrayList<>();
    byte[] rest = content;
    for (byte[] next = first(rest, type); next.length > 0; next = first(rest, type)) {
      found.add(next);
      rest = Arrays.copyOfRange(rest, indexOf(rest, end, 0) + end.length, rest.length);
    }
    return found;
  }

  private static int indexOf(byte[] content, byte[] wanted, int from) {
    for (int i = from; i <= content.length - wanted.length; i++) {
      if (Arrays.equals(content, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
