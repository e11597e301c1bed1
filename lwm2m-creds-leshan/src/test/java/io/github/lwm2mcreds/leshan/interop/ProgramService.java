// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A program that serves, and prints what it gets. */
record ProgramService(PeerProcess process, int port) implements PeerService {
  /** Starts one, and waits until it says that it listens. */
  static ProgramService start(int port, String listening, List<String> command) throws Exception {
    PeerProcess process = new PeerProcess(command);
    if (!process.prints(text -> text.contains(listening))) {
      process.close();
      throw new AssertionError("it does not start: " + process.output());
    }
    return new ProgramService(process, port);
  }

  static int freePort() throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  @Override
  public boolean hasGot(String text) throws InterruptedException {
    return process.prints(output -> output.contains(text));
  }

  @Override
  public void close() {
    process.close();
  }
}
