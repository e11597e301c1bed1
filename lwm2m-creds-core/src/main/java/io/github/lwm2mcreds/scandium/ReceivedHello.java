// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.net.DatagramPacket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;

/**
 * What a client offers in its ClientHello (RFC 6347 §4.2.1), read from the bytes it sent, which
 * anybody may have made up.
 *
 * @param version the two bytes of the newest version it takes
 * @param suites the codes of its cipher suites, in its order
 */
record ReceivedHello(int version, List<Integer> suites) {
  private static final int DTLS_1_2 = 0xfefd;

  private static final byte HANDSHAKE = 22;
  private static final byte CLIENT_HELLO = 1;
  private static final int EPOCH_AT = 3;
  private static final int LENGTH_AT = 11;
  private static final int MESSAGE_AT = 13;
  private static final int RANDOM = 32;
  private static final int HEADER = 12; // of a handshake message
  private static final int SMALLEST_FRAGMENT = 16;

  /** So that a report stays readable. */
  private static final int MAX_NAMES = 16;

  /**
   * Returns where the first record of a datagram begins that Scandium looks at: it skips those of
   * types that it does not know.
   */
  static int firstRecordAt(DatagramPacket packet) {
    byte[] data = packet.getData();
    int at = packet.getOffset();
    int end = at + packet.getLength();
    while (end - at >= MESSAGE_AT && ContentType.getTypeByValue(data[at] & 0xff) == null) {
      at += MESSAGE_AT + ((data[at + LENGTH_AT] & 0xff) << 8 | data[at + LENGTH_AT + 1] & 0xff);
    }
    return Math.min(at, end);
  }

  /** Whether the first message of a datagram is a ClientHello, whole or not. */
  static boolean isFirstIn(DatagramPacket packet) {
    byte[] data = packet.getData();
    int at = firstRecordAt(packet);
    return packet.getOffset() + packet.getLength() - at > MESSAGE_AT
        && data[at] == HANDSHAKE
        && data[at + EPOCH_AT] == 0
        && data[at + EPOCH_AT + 1] == 0
        && data[at + MESSAGE_AT] == CLIENT_HELLO;
  }

  /** Reads the first message of a datagram; empty if it is no whole ClientHello. */
  static Optional<ReceivedHello> of(DatagramPacket packet) {
    int at = firstRecordAt(packet);
    int length = packet.getOffset() + packet.getLength() - at;
    ByteBuffer data = ByteBuffer.wrap(packet.getData(), at, length);
    try {
      if (data.get() != HANDSHAKE || data.getShort() == 0 || data.getShort() != 0) {
        return Optional.empty(); // of another type or of a later epoch
      }
      skip(data, 6); // the sequence number
      byte[] message = new byte[Short.toUnsignedInt(data.getShort())];
      data.get(message);
      return of(message);
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  /** Reads a handshake message; empty if it is no whole ClientHello. */
  static Optional<ReceivedHello> of(byte[] message) {
    ByteBuffer data = ByteBuffer.wrap(message);
    try {
      if (data.get() != CLIENT_HELLO || isFragment(message)) {
        return Optional.empty();
      }
      skip(data, 11);
      int version = Short.toUnsignedInt(data.getShort());
      skip(data, RANDOM);
      skip(data, Byte.toUnsignedInt(data.get())); // the session id
      skip(data, Byte.toUnsignedInt(data.get())); // the cookie
      int count = Short.toUnsignedInt(data.getShort()) / 2;
      List<Integer> suites = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        suites.add(Short.toUnsignedInt(data.getShort()));
      }
      return Optional.of(new ReceivedHello(version, suites));
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static void skip(ByteBuffer data, int bytes) {
    if (bytes > data.remaining()) {
      throw new BufferUnderflowException();
    }
    data.position(data.position() + bytes);
  }

  /** Whether a handshake message is a fragment, or shorter than its header. */
  static boolean isFragment(byte[] message) {
    return message.length < 12 || int24(message, 1) != int24(message, 9);
  }

  /** Whether a handshake message is the first fragment of a ClientHello. */
  static boolean isFirstFragment(byte[] message) {
    return isAtBeginning(message) && message[0] == CLIENT_HELLO && isFragment(message);
  }

  /** Whether a handshake message, or a fragment of one, has its first bytes. */
  static boolean isAtBeginning(byte[] message) {
    return message.length >= 12 && int24(message, 6) == 0;
  }

  /**
   * Whether one of the handshake messages in a record is a crumb: a fragment of so few bytes, and
   * not the last ones, that what is kept of it until the rest comes takes more room than it has
   * bytes. No client needs such: the smallest datagrams of any network have room for more.
   */
  static boolean hasCrumb(byte[] messages) {
    int at = 0;
    while (messages.length - at >= HEADER) {
      int length = int24(messages, at + 9);
      if (length < SMALLEST_FRAGMENT
          && int24(messages, at + 6) + length < int24(messages, at + 1)) {
        return true;
      }
      at += HEADER + length;
    }
    return false;
  }

  private static int int24(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
  }

  /** Whether the client offers one of a server's cipher suites. */
  boolean offersOneOf(List<CipherSuite> server) {
    return server.stream().anyMatch(suite -> suites.contains(suite.getCode()));
  }

  String versionName() {
    return switch (version) {
      case DTLS_1_2 -> "DTLS 1.2";
      case 0xfeff, 0x0100 -> "DTLS 1.0"; // the second is what came before it
      default -> String.format("version 0x%04x", version);
    };
  }

  /** Returns the names of its cipher suites; those that Scandium does not know as numbers. */
  List<String> suiteNames() {
    List<Integer> offered = suites.stream().filter(code -> !isSignal(code)).distinct().toList();
    List<String> names = new ArrayList<>();
    offered.stream().limit(MAX_NAMES).map(ReceivedHello::name).forEach(names::add);
    if (offered.size() > MAX_NAMES) {
      names.add(offered.size() - MAX_NAMES + " more");
    }
    return names;
  }

  /** Whether a code is no cipher suite, but stands for something else (RFC 5746, 7507, 8701). */
  private static boolean isSignal(int code) {
    return code == 0x00ff
        || code == 0x5600
        || (code & 0x0f0f) == 0x0a0a && code >> 8 == (code & 0xff);
  }

  private static String name(int code) {
    CipherSuite known = CipherSuite.getTypeByCode(code);
    if (known != null) {
      return known.name();
    }
    return switch (code) { // of DTLS 1.3 (RFC 8446), and the most common ones of DTLS 1.0
      case 0x1301 -> "TLS_AES_128_GCM_SHA256";
      case 0x1302 -> "TLS_AES_256_GCM_SHA384";
      case 0x1303 -> "TLS_CHACHA20_POLY1305_SHA256";
      case 0x1304 -> "TLS_AES_128_CCM_SHA256";
      case 0x1305 -> "TLS_AES_128_CCM_8_SHA256";
      case 0x008c -> "TLS_PSK_WITH_AES_128_CBC_SHA";
      case 0x008d -> "TLS_PSK_WITH_AES_256_CBC_SHA";
      case 0x002f -> "TLS_RSA_WITH_AES_128_CBC_SHA";
      case 0x0035 -> "TLS_RSA_WITH_AES_256_CBC_SHA";
      default -> String.format("0x%04x", code);
    };
  }
}
