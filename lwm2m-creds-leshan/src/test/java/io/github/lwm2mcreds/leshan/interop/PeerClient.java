// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.List;
import java.util.Optional;

/** A DTLS stack of somebody else's that acts as a device. */
interface PeerClient {
  /** Its name, by which the matrix calls it. */
  String name();

  /** Skips the running test, or fails it in continuous integration, if the peer is not there. */
  void require() throws Exception;

  String version() throws Exception;

  /** The kinds of cipher suites that it has, with those first that other cases use. */
  List<PskSuite> suites();

  /** Why it cannot do what a case needs. Those of cipher suites that it has not are others. */
  default Optional<String> lacks(InteropCase what) {
    return Optional.empty();
  }

  /** Begins a handshake, and need not wait for its end. */
  PeerSession connect(Hello hello) throws Exception;

  /** Begins one whose session is resumed. */
  default PeerSession connectToResume(Hello hello) throws Exception {
    return connect(hello);
  }
}
