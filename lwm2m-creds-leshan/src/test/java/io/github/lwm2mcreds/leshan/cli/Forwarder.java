// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.scandium.Datagrams;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * The one address of several servers, and a NAT in front of them: each device comes to one of the
 * servers, from a port of its own, and both can change.
 */
final class Forwarder implements AutoCloseable {
  private final DatagramSocket front = Datagrams.socket();
  private final Map<SocketAddress, Flow> flows = new ConcurrentHashMap<>();
  private final Queue<Flow> all = new ConcurrentLinkedQueue<>();
  private final List<Integer> servers;
  private final AtomicInteger devices = new AtomicInteger();
  private final AtomicInteger clientHellos = new AtomicInteger();
  private volatile IntFunction<Integer> route;

  /** Forwards to ports of this machine, of which the devices get one after the other. */
  Forwarder(List<Integer> servers) {
    this.servers = List.copyOf(servers);
    spreadFrom(0);
    Datagrams.forwardAll(this::receive);
  }

  private void receive(DatagramPacket packet) throws IOException {
    front.receive(packet);
    byte[] datagram = packet.getData();
    if (Datagrams.isClientHello(datagram)) {
      clientHellos.incrementAndGet();
    }
    Flow flow = flows.computeIfAbsent(packet.getSocketAddress(), Flow::new);
    packet.setSocketAddress(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), route.apply(flow.number)));
    flow.back.send(packet);
  }

  /** How many ClientHellos devices have sent. */
  int clientHellos() {
    return clientHellos.get();
  }

  int port() {
    return front.getLocalPort();
  }

  /** Has each device come to the server behind that of the device before. */
  void spreadFrom(int first) {
    route = device -> servers.get((device + first) % servers.size());
  }

  /** Has all devices come to one server. */
  void sendAllTo(int server) {
    route = device -> servers.get(server);
  }

  /** Has all devices come from other ports. */
  void changePorts() {
    flows.values().forEach(Flow::renew);
  }

  @Override
  public void close() {
    front.close();
    all.forEach(flow -> flow.back.close());
  }

  /** What a device sends and gets. */
  private final class Flow {
    private final SocketAddress device;
    private final int number = devices.getAndIncrement();
    private volatile DatagramSocket back;

    Flow(SocketAddress device) {
      this.device = device;
      renew();
      all.add(this);
    }

    /** Has it come from another port; the old one is closed, as when a NAT has forgotten it. */
    final void renew() {
      DatagramSocket old = back;
      DatagramSocket next = Datagrams.socket();
      back = next;
      Datagrams.forwardAll(
          packet -> {
            next.receive(packet);
            packet.setSocketAddress(device);
            front.send(packet);
          });
      if (old != null) {
        old.close();
      }
    }
  }
}
