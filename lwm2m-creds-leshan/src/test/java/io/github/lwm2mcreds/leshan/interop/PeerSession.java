// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** What a peer has with a server: a session, or a handshake for one. */
public interface PeerSession extends AutoCloseable {
  /**
   * Sends a CoAP request once the handshake is finished.
   *
   * @return whether it is answered; false if the handshake fails
   */
  boolean request() throws Exception;

  /** Begins an abbreviated handshake from another port, and returns what becomes of it. */
  default PeerSession resume() throws Exception {
    throw new UnsupportedOperationException();
  }

  /** Ends it at once, as if the power went. */
  @Override
  void close();
}
