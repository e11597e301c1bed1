// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one address of two servers. Each device stays with one of them as long as it runs, and moves
 * to the other one when it does not, from the same address.
 */
final class Balancer implements AutoCloseable {
  private static final int NONE = -1;

  private final DatagramSocket front = socket();
  private final int[] ports;
  private final Map<SocketAddress, Flow> flows = new ConcurrentHashMap<>();
  private final AtomicLong clientHellos = new AtomicLong();
  private int next;
  private volatile int away = NONE;

  Balancer(int... ports) throws IOException {
    this.ports = ports.clone();
    start(this::receive);
  }

  private static DatagramSocket socket() throws IOException {
    return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

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
            "balancer");
    thread.setDaemon(true);
    thread.start();
  }

  private void receive(DatagramPacket packet) throws IOException {
    front.receive(packet);
    byte[] datagram = packet.getData();
    if (datagram[0] == 22 && datagram[4] == 0 && datagram[13] == 1) { // RFC 6347 §4.1, §4.2.2
      clientHellos.incrementAndGet();
    }
    Flow flow = flows.get(packet.getSocketAddress());
    if (flow == null) {
      flow = new Flow(packet.getSocketAddress(), next++ % ports.length);
      flows.put(packet.getSocketAddress(), flow);
    }
    if (flow.server == away) {
      flow.server = 1 - away;
    }
    packet.setSocketAddress(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[flow.server]));
    flow.back.send(packet);
  }

  /** Sends devices to the other server. */
  void leaveOut(int server) {
    away = server;
  }

  void leaveOutNone() {
    away = NONE;
  }

  long clientHellos() {
    return clientHellos.get();
  }

  int port() {
    return front.getLocalPort();
  }

  @Override
  public void close() {
    front.close();
    flows.values().forEach(flow -> flow.back.close());
  }

  /** A device's way. */
  private final class Flow {
    private final DatagramSocket back = socket();
    private int server;

    Flow(SocketAddress device, int server) throws IOException {
      this.server = server;
      start(
          packet -> {
            back.receive(packet);
            packet.setSocketAddress(device);
            front.send(packet);
          });
    }
  }

  private interface Forwarding {
    void forward(DatagramPacket packet) throws IOException;
  }
}
