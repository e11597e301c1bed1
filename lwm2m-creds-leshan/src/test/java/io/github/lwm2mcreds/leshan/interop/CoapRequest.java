// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request that every server answers: a confirmable GET of {@code /x}, and the piggybacked
 * response (RFC 7252 §4.2, §5.2.1). Neither has a NUL, and each ends with a line's end, so it can
 * go through programs for text.
 */
public final class CoapRequest {
  private static final AtomicInteger IDS = new AtomicInteger();
  private static final int LETTERS = 26;

  private final String id;

  private CoapRequest(int number) {
    id = "" + (char) ('A' + number / LETTERS % LETTERS) + (char) ('a' + number % LETTERS);
  }

  /** Returns a request whose message id no other has. */
  public static CoapRequest next() {
    return new CoapRequest(IDS.getAndIncrement());
  }

  int id() {
    return id.charAt(0) << Byte.SIZE | id.charAt(1);
  }

  public byte[] bytes() {
    return ("@\u0001" + id + "\u00b1x\u00ffx\n").getBytes(ISO_8859_1);
  }

  /** Whether a text, each byte a character, has the answer in it. */
  public boolean isAnswered(String text) {
    int at = text.indexOf(id);
    while (at >= 0) {
      if (at > 1 && text.charAt(at - 2) == '`') { // 0x60: an acknowledgement
        return true;
      }
      at = text.indexOf(id, at + 1);
    }
    return false;
  }
}
