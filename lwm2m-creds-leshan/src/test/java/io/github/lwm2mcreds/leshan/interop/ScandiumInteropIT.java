// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** Scandium of the series before as a device and as a server. */
class ScandiumInteropIT extends PeerTests {
  ScandiumInteropIT() {
    super(InteropClients.SCANDIUM, InteropServers.SCANDIUM);
  }
}
