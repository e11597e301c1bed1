// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** A peer that goes through a handshake up to the server's hello, and then sends what it likes. */
public final class HostilePeer implements AutoCloseable {
  /** The type of a ClientKeyExchange message. */
  public static final int CLIENT_KEY_EXCHANGE = 16;

  /** The number of the message behind two ClientHellos. */
  public static final int NEXT = 2;

  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int MESSAGE_AT = 13;
  private static final int COOKIE_AT = MESSAGE_AT + 12 + 2;
  private static final int HELLO_VERIFY_REQUEST = 3;
  private static final int SERVER_HELLO_DONE = 14;

  private final DatagramSocket socket;
  private final InetSocketAddress server;
  private int records;

  /**
   * Makes a peer at an address of this machine.
   *
   * @param from in the network 127.0.0.0/8
   */
  public HostilePeer(InetSocketAddress server, String from) throws IOException {
    this.server = server;
    this.socket = new DatagramSocket(new InetSocketAddress(from, 0));
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  /** Proves its address, and waits until the server waits for its key. */
  public HostilePeer greet() throws IOException {
    send(Hellos.withCookie(""));
    byte[] request = awaitMessage(HELLO_VERIFY_REQUEST);
    int length = request[COOKIE_AT] & 0xff;
    byte[] cookie = Arrays.copyOfRange(request, COOKIE_AT + 1, COOKIE_AT + 1 + length);
    send(Hellos.withCookie(HexFormat.of().formatHex(cookie)));
    awaitMessage(SERVER_HELLO_DONE);
    return this;
  }

  /** Waits for a message, which need not be the first of its datagram. */
  private byte[] awaitMessage(int type) throws IOException {
    byte[] buffer = new byte[2048];
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      socket.receive(packet);
      for (int at = 0; at + MESSAGE_AT < packet.getLength(); at += recordLength(buffer, at)) {
        if (buffer[at] == 22 && hasMessage(buffer, at, type)) {
          return Arrays.copyOf(buffer, packet.getLength());
        }
      }
    }
  }

  private static int recordLength(byte[] datagram, int at) {
    return MESSAGE_AT + ((datagram[at + 11] & 0xff) << 8 | datagram[at + 12] & 0xff);
  }

  private static boolean hasMessage(byte[] datagram, int record, int type) {
    int end = record + recordLength(datagram, record);
    for (int at = record + MESSAGE_AT; at + 12 <= end; at += 12 + length(datagram, at + 9)) {
      if (datagram[at] == type) {
        return true;
      }
    }
    return false;
  }

  private static int length(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
  }

  /** Sends a message in a record with the next number; returns the record. */
  public String send(String message) throws IOException {
    String record = Hellos.record(records++, message);
    sendRecord(record);
    return record;
  }

  /** Sends any bytes, in hex digits. */
  public void sendRecord(String record) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(record);
    socket.send(new DatagramPacket(bytes, bytes.length, server));
  }

  @Override
  public void close() {
    socket.close();
  }
}
