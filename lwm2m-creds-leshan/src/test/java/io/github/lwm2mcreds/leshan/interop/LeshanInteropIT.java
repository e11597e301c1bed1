// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** Leshan's client as a device. */
class LeshanInteropIT extends PeerTests {
  LeshanInteropIT() {
    super(InteropClients.LESHAN);
  }
}
