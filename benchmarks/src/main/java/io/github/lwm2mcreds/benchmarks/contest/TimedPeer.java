// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;

/**
 * Peers with keys of their own choice, each in another network, which take the time until the
 * server gets to what comes behind their last flight.
 */
final class TimedPeer implements Closeable {
  private static final int TIMEOUT_MILLIS = 1000;
  private static final int MESSAGE_AT = 13;
  private static final byte HELLO_VERIFY_REQUEST = 3;

  private final Random random = new Random();
  private final InetSocketAddress server;
  private final boolean isSamePort;
  private final DatagramSocket elsewhere;

  /**
   * Makes peers of a server.
   *
   * @param port the server's, on loopback
   * @param isSamePort whether they ask for the cookie from the port of their handshake
   */
  TimedPeer(int port, boolean isSamePort) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.isSamePort = isSamePort;
    this.elsewhere = socket(InetAddress.getLoopbackAddress());
  }

  private static DatagramSocket socket(InetAddress address) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, address);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  /**
   * Makes a handshake with a key that is not the identity's.
   *
   * @param network the number of the network that it comes from
   * @return nanoseconds from its last flight to the cookie; -1 if a datagram was lost
   */
  long nanos(byte[] identity, int network) throws IOException, GeneralSecurityException {
    byte[] address = {127, (byte) (1 + network / 256), (byte) network, 1};
    try (DatagramSocket socket = socket(InetAddress.getByAddress(address))) {
      byte[] flight = lastFlight(socket, identity);
      byte[] hello = handshake(identity).datagram();
      DatagramSocket asking = isSamePort ? socket : elsewhere;
      long start = System.nanoTime();
      send(socket, flight);
      send(asking, hello);
      awaitCookie(asking);
      return System.nanoTime() - start;
    } catch (SocketTimeoutException e) {
      return -1;
    }
  }

  private PskHandshake handshake(byte[] identity) {
    byte[] key = new byte[16];
    byte[] hello = new byte[32];
    random.nextBytes(key);
    random.nextBytes(hello);
    return new PskHandshake(identity, key, hello);
  }

  /** Goes through a handshake up to the server's hello; returns what is to be sent then. */
  private byte[] lastFlight(DatagramSocket socket, byte[] identity)
      throws IOException, GeneralSecurityException {
    PskHandshake handshake = handshake(identity);
    for (int flight = 0; flight < 2; flight++) {
      send(socket, handshake.datagram());
      while (!handshake.receive(received(socket))) {
        // the rest of the server's flight is in another datagram
      }
    }
    return handshake.datagram();
  }

  private static void awaitCookie(DatagramSocket socket) throws IOException {
    ByteBuffer datagram = received(socket);
    while (datagram.get(MESSAGE_AT) != HELLO_VERIFY_REQUEST) {
      datagram = received(socket);
    }
  }

  private static ByteBuffer received(DatagramSocket socket) throws IOException {
    byte[] buffer = new byte[2048];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.receive(packet);
    return ByteBuffer.wrap(buffer, 0, packet.getLength());
  }

  private void send(DatagramSocket socket, byte[] datagram) throws IOException {
    socket.send(new DatagramPacket(datagram, datagram.length, server));
  }

  @Override
  public void close() {
    elsewhere.close();
  }
}
