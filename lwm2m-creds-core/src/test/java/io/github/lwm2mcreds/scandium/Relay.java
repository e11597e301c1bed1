// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The one address of several servers: forwards a device's datagrams to one of them at a time. */
final class Relay implements AutoCloseable {
  private static final int EPOCH_AT = 3;
  private static final long MAX_NUMBER = (1L << 48) - 1;

  private final DatagramSocket front = Datagrams.socket();
  private volatile DatagramSocket back = Datagrams.socket();
  private volatile InetSocketAddress node;
  private volatile SocketAddress device;
  private volatile byte[] last;
  private final AtomicInteger clientHellos = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();
  private final List<Long> numbers = new CopyOnWriteArrayList<>();

  Relay(InetSocketAddress node) {
    this.node = node;
    Datagrams.forwardAll(this::toNode);
    Datagrams.forwardAll(this::toDevice);
  }

  private void toNode(DatagramPacket packet) throws IOException {
    front.receive(packet);
    device = packet.getSocketAddress();
    if (Datagrams.isClientHello(packet.getData())) {
      clientHellos.incrementAndGet();
    }
    last = Arrays.copyOf(packet.getData(), packet.getLength());
    packet.setSocketAddress(node);
    back.send(packet);
  }

  /** Sends the device's last datagram to the server once more. */
  void replay() {
    try {
      back.send(new DatagramPacket(last, last.length, node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes another port towards servers, as a NAT does after a while. */
  void changePort() {
    DatagramSocket before = back;
    back = Datagrams.socket();
    Datagrams.forwardAll(this::toDevice);
    before.close();
  }

  private void toDevice(DatagramPacket packet) throws IOException {
    back.receive(packet);
    answers.incrementAndGet();
    ByteBuffer record = ByteBuffer.wrap(packet.getData());
    if (record.getShort(EPOCH_AT) == 1) {
      numbers.add(record.getLong(EPOCH_AT) & MAX_NUMBER);
    }
    packet.setSocketAddress(device);
    front.send(packet);
  }

  int clientHellos() {
    return clientHellos.get();
  }

  /** How many datagrams servers sent, alerts included. */
  int answers() {
    return answers.get();
  }

  /** The numbers of the encrypted records that servers sent, one of each datagram. */
  List<Long> numbers() {
    return List.copyOf(numbers);
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
}
