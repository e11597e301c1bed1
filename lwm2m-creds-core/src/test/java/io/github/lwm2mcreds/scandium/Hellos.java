// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

/** ClientHello messages (RFC 6347 §4.2.2) in hex digits. */
final class Hellos {
  private static final String RANDOM = "5a".repeat(32);

  private Hellos() {}

  /** A handshake message with some cipher suites, each of four digits. */
  static String message(String version, String suites) {
    String length = String.format("%04x", suites.length() / 2);
    String body = version + RANDOM + "00" + "00" + length + suites + "0100";
    return header(body.length() / 2, 0, body.length() / 2) + body;
  }

  /** A part of a message of 100 bytes. */
  static String fragment(int offset, int length) {
    return header(100, offset, length) + ("fefd" + RANDOM.repeat(3)).substring(0, 2 * length);
  }

  private static String header(int length, int offset, int fragmentLength) {
    return String.format("01%06x0000%06x%06x", length, offset, fragmentLength);
  }

  /** A record of epoch 0 and nothing else. */
  static String record(String message) {
    return "16"
        + "fefd"
        + "0000"
        + "000000000000"
        + String.format("%04x", message.length() / 2)
        + message;
  }

  static String datagram(String version, String suites) {
    return record(message(version, suites));
  }
}
