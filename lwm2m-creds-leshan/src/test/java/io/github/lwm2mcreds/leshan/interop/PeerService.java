// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** A peer's server that runs. */
public interface PeerService extends AutoCloseable {
  int port();

  /** Waits until it has got something with a text in it over DTLS; returns false if it does not. */
  boolean hasGot(String text) throws Exception;

  @Override
  void close();
}
