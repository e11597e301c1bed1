// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import org.bouncycastle.tls.DatagramTransport;

/** A socket that answers whoever sent to it last. */
final class AnyPeerTransport implements DatagramTransport {
  private final DatagramSocket socket;
  private final int mtu;
  private final DatagramPacket received;

  AnyPeerTransport(DatagramSocket socket, int mtu) {
    this.socket = socket;
    this.mtu = mtu;
    this.received = new DatagramPacket(new byte[mtu], mtu);
  }

  @Override
  public int getReceiveLimit() {
    return mtu;
  }

  @Override
  public int getSendLimit() {
    return mtu;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    received.setData(buffer, offset, length);
    socket.setSoTimeout(waitMillis);
    try {
      socket.receive(received);
      return received.getLength();
    } catch (SocketTimeoutException e) {
      return -1;
    }
  }

  @Override
  public void send(byte[] buffer, int offset, int length) throws IOException {
    socket.send(new DatagramPacket(buffer, offset, length, received.getSocketAddress()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
