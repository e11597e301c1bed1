// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.Optional;

/** A DTLS stack of somebody else's that acts as a server for {@code device}. */
interface PeerServer {
  /** Its name, by which the matrix calls it. */
  String name();

  /** Skips the running test, or fails it in continuous integration, if the peer is not there. */
  void require() throws Exception;

  String version() throws Exception;

  /** Why it cannot do what a case needs. */
  default Optional<String> lacks(DeviceCase what) {
    return Optional.empty();
  }

  /** Starts it for one device. */
  PeerService start(PskSuite suite, String identity, byte[] key) throws Exception;
}
