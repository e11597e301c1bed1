// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import io.github.lwm2mcreds.leshan.cli.Forwarder;
import java.util.List;

/** The way between devices and a server: a NAT, which loses goodbyes if it has to. */
final class Wire implements AutoCloseable {
  private final Handshakes handshakes = new Handshakes();
  private final Forwarder forwarder;
  private volatile boolean losesGoodbyes;

  Wire(int server) {
    forwarder = new Forwarder(List.of(server), this::passes);
  }

  private boolean passes(byte[] datagram, boolean toServer) {
    boolean alert = handshakes.see(datagram, toServer);
    return !(alert && toServer && losesGoodbyes);
  }

  int port() {
    return forwarder.port();
  }

  Handshakes handshakes() {
    return handshakes;
  }

  /** From now on no device says goodbye. */
  void loseGoodbyes() {
    losesGoodbyes = true;
  }

  /** The next device is the last one, which comes from the same port again. */
  void reboot() {
    forwarder.inheritPort();
  }

  void changePorts() {
    forwarder.changePorts();
  }

  /** Sends one byte as the last device does that keeps its NAT's entry alive. */
  void keepAlive(int value) {
    forwarder.sendAsLast(new byte[] {(byte) value});
  }

  @Override
  public void close() {
    forwarder.close();
  }
}
