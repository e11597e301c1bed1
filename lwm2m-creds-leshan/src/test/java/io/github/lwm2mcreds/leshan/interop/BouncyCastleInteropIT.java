// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** Bouncy Castle as a device and as a server. */
class BouncyCastleInteropIT extends PeerTests {
  BouncyCastleInteropIT() {
    super(InteropClients.BOUNCY_CASTLE, InteropServers.BOUNCY_CASTLE);
  }
}
