// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** node-dtls-client as a device. */
class NodeInteropIT extends PeerTests {
  NodeInteropIT() {
    super(InteropClients.NODE);
  }
}
