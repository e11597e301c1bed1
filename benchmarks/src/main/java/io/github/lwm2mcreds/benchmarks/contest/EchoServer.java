package io.github.lwm2mcreds.benchmarks.contest;

import java.io.Closeable;

/** A DTLS server that sends back what it gets. */
interface EchoServer extends Closeable {
  /** The UDP port it listens on. */
  int port();

  /** How many datagrams it has sent back: one a handshake. */
  long echoes();
}
