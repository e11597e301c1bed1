// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.io.Closeable;

/** A DTLS server that sends back what it receives. */
interface EchoServer extends Closeable {
  /** Returns the UDP port it listens on. */
  int port();

  /** Returns how many datagrams it has sent back, one for each handshake. */
  long echoes();
}
