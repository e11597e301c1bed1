// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** libcoap with OpenSSL as a device and as a server. */
class LibcoapOpenSslInteropIT extends PeerTests {
  LibcoapOpenSslInteropIT() {
    super(InteropClients.LIBCOAP_OPENSSL, InteropServers.LIBCOAP_OPENSSL);
  }
}
