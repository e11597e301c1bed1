// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** wolfSSL as a device. */
class WolfSslInteropIT extends PeerTests {
  WolfSslInteropIT() {
    super(InteropClients.WOLFSSL);
  }
}
