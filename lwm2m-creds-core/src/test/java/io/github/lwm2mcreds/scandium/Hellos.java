// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

/** Handshake messages of a client (RFC 6347 §4.2.2) in hex digits, well-formed or not. */
public final class Hellos {
  private static final String RANDOM = "5a".repeat(32);
  private static final int CLIENT_HELLO = 1;

  private Hellos() {}

  /** A handshake message with some cipher suites, each of four digits. */
  static String message(String version, String suites) {
    return message(0, body(version, "", suites));
  }

  /** The ClientHello that answers a HelloVerifyRequest, or the first one, without a cookie. */
  static String withCookie(String cookie) {
    return message(cookie.isEmpty() ? 0 : 1, body("fefd", cookie, "c0a8"));
  }

  private static String body(String version, String cookie, String suites) {
    return version
        + RANDOM
        + "00"
        + String.format("%02x", cookie.length() / 2)
        + cookie
        + String.format("%04x", suites.length() / 2)
        + suites
        + "0100";
  }

  private static String message(int sequence, String body) {
    return part(CLIENT_HELLO, sequence, body.length() / 2, 0, body);
  }

  /** A part of a message of 100 bytes. */
  static String fragment(int offset, int length) {
    String content = ("fefd" + RANDOM.repeat(3)).substring(0, 2 * length);
    return part(CLIENT_HELLO, 0, 100, offset, content);
  }

  /** A part of any message, which may be all of it, or contradict what it says of itself. */
  public static String part(int type, int sequence, int length, int offset, String content) {
    return String.format(
        "%02x%06x%04x%06x%06x%s", type, length, sequence, offset, content.length() / 2, content);
  }

  /** A record of epoch 0 and nothing else. */
  static String record(String message) {
    return record(0, message);
  }

  /** The same with a number. */
  static String record(int number, String message) {
    return "16"
        + "fefd"
        + "0000"
        + String.format("%012x%04x", number, message.length() / 2)
        + message;
  }

  static String datagram(String version, String suites) {
    return record(message(version, suites));
  }
}
