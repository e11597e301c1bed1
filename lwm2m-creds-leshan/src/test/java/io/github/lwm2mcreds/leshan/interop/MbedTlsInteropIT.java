// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** Mbed TLS as a device. */
class MbedTlsInteropIT extends PeerTests {
  MbedTlsInteropIT() {
    super(InteropClients.MBEDTLS);
  }
}
