// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.Printable;
import java.util.Arrays;
import java.util.HexFormat;

/** What a server said, made fit for an error message: short, on one line, and without keys. */
final class ServerText {
  private static final int MAX_LENGTH = 300;
  private static final int SHORTEST_ECHO = 6;
  private static final int SUSPICIOUS_RUN = 16;
  private static final String REDACTED = "<redacted>";

  private ServerText() {}

  /**
   * Quotes a server.
   *
   * @param text what it said
   * @param keyHex the hex digits it was sent and may echo, in part or in the other case; or none
   * @return the text to append to a message, or nothing if it is empty or too long
   */
  static String quote(String text, byte[] keyHex) {
    String stripped = text.strip();
    if (stripped.isEmpty() || stripped.length() > MAX_LENGTH) {
      return "";
    }
    return "; it said '" + Printable.escape(redact(stripped, keyHex)) + "'";
  }

  private static String redact(String text, byte[] keyHex) {
    boolean[] secret = new boolean[text.length()];
    markEchoes(text, keyHex, secret);
    markLongRuns(text, secret);
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < secret.length; i++) {
      if (!secret[i]) {
        out.append(text.charAt(i));
      } else if (i == 0 || !secret[i - 1]) {
        out.append(REDACTED);
      }
    }
    return out.toString();
  }

  private static void markEchoes(String text, byte[] keyHex, boolean[] secret) {
    int window = Math.min(SHORTEST_ECHO, keyHex.length);
    if (window == 0) {
      return;
    }
    for (int i = 0; i + window <= text.length(); i++) {
      for (int k = 0; k + window <= keyHex.length; k++) {
        if (isEcho(text, i, keyHex, k, window)) {
          Arrays.fill(secret, i, i + window, true);
        }
      }
    }
  }

  private static boolean isEcho(String text, int i, byte[] keyHex, int k, int window) {
    for (int j = 0; j < window; j++) {
      char c = text.charAt(i + j);
      if (!HexFormat.isHexDigit(c)
          || HexFormat.fromHexDigit(c) != HexFormat.fromHexDigit(keyHex[k + j])) {
        return false;
      }
    }
    return true;
  }

  /** Marks what may be some other device's key. */
  private static void markLongRuns(String text, boolean[] secret) {
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || !HexFormat.isHexDigit(text.charAt(i))) {
        if (i - start >= SUSPICIOUS_RUN) {
          Arrays.fill(secret, start, i, true);
        }
        start = i + 1;
      }
    }
  }
}
