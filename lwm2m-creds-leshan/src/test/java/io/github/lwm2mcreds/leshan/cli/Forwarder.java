// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.scandium.Datagrams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
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
public final class Forwarder implements AutoCloseable {
  private final DatagramSocket front = Datagrams.socket();
  private final Filter filter;
  private final Map<SocketAddress, Flow> flows = new ConcurrentHashMap<>();
  private final Queue<Flow> all = new ConcurrentLinkedQueue<>();
  private final List<Integer> servers;
  private final AtomicInteger devices = new AtomicInteger();
  private final AtomicInteger clientHellos = new AtomicInteger();
  private volatile IntFunction<Integer> route;
  private volatile Flow last;
  private volatile boolean inherits;

  /** Forwards to ports of this machine, of which the devices get one after the other. */
  Forwarder(List<Integer> servers) {
    this(servers, (datagram, toServer) -> true);
  }

  /** Forwards what a filter lets through. */
  public Forwarder(List<Integer> servers, Filter filter) {
    this.filter = filter;
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
    Flow flow = flows.computeIfAbsent(packet.getSocketAddress(), this::flow);
    last = flow;
    if (filter.passes(copy(packet), true)) {
      flow.send(packet);
    }
  }

  private static byte[] copy(DatagramPacket packet) {
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private Flow flow(SocketAddress device) {
    if (inherits && last != null) {
      last.device = device;
      return last;
    }
    return new Flow(device);
  }

  /** How many ClientHellos devices have sent. */
  int clientHellos() {
    return clientHellos.get();
  }

  public int port() {
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
  public void changePorts() {
    flows.values().forEach(Flow::renew);
  }

  /** Has each new device come from the port of the last one, as one that was restarted. */
  public void inheritPort() {
    inherits = true;
  }

  /** Sends a datagram to the server as if the last device had. */
  public void sendAsLast(byte[] datagram) {
    try {
      last.send(new DatagramPacket(datagram, datagram.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    front.close();
    all.forEach(flow -> flow.back.close());
  }

  /** What a device sends and gets. */
  private final class Flow {
    private volatile SocketAddress device;
    private final int number = devices.getAndIncrement();
    private volatile DatagramSocket back;

    Flow(SocketAddress device) {
      this.device = device;
      renew();
      all.add(this);
    }

    void send(DatagramPacket packet) throws IOException {
      packet.setSocketAddress(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), route.apply(number)));
      back.send(packet);
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
            if (filter.passes(copy(packet), false)) {
              front.send(packet);
            }
          });
      if (old != null) {
        old.close();
      }
    }
  }

  /** Sees all datagrams, on several threads. */
  public interface Filter {
    /** Returns whether a datagram, which is the filter's own copy, is forwarded. */
    boolean passes(byte[] datagram, boolean toServer);
  }
}
