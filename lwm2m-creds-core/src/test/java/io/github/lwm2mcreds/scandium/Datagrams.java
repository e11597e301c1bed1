// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What tests need that stand between devices and servers. */
public final class Datagrams {
  private static final int LENGTH = 2048;

  private Datagrams() {}

  /** Returns a socket with a port of its own on this machine. */
  public static DatagramSocket socket() {
    try {
      return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forwards one datagram after the other on a thread, which ends when the socket is closed. */
  public static void forwardAll(Forwarding forwarding) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  forwarding.forward(new DatagramPacket(new byte[LENGTH], LENGTH));
                }
              } catch (IOException e) {
                // closed
              }
            },
            "forwarding");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether it begins with a record (RFC 6347 §4.1) of epoch 0 with a handshake message 1. */
  public static boolean isClientHello(byte[] datagram) {
    return datagram[0] == 22 && datagram[4] == 0 && datagram[13] == 1;
  }

  /** Receives a datagram, and sends it on. */
  public interface Forwarding {
    /** Uses a packet that is large enough. */
    void forward(DatagramPacket packet) throws IOException;
  }
}
