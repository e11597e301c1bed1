// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The one address of several servers: forwards a device's datagrams to one of them at a time. */
final class Relay implements AutoCloseable {
  private final DatagramSocket front = socket();
  private final DatagramSocket back = socket();
  private volatile InetSocketAddress node;
  private volatile SocketAddress device;

  Relay(InetSocketAddress node) {
    this.node = node;
    start(this::toNode);
    start(this::toDevice);
  }

  private static DatagramSocket socket() {
    try {
      return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends when its socket is closed. */
  private static void start(Forwarding forwarding) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  forwarding.forward(new DatagramPacket(new byte[2048], 2048));
                }
              } catch (IOException e) {
                // closed
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }

  private void toNode(DatagramPacket packet) throws IOException {
    front.receive(packet);
    device = packet.getSocketAddress();
    packet.setSocketAddress(node);
    back.send(packet);
  }

  private void toDevice(DatagramPacket packet) throws IOException {
    back.receive(packet);
    packet.setSocketAddress(device);
    front.send(packet);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) front.getLocalSocketAddress();
  }

  void forwardTo(InetSocketAddress other) {
    node = other;
  }

  @Override
  public void close() {
    front.close();
    back.close();
  }

  private interface Forwarding {
    void forward(DatagramPacket packet) throws IOException;
  }
}
