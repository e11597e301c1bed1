// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** libcoap with GnuTLS as a device and as a server. */
class LibcoapGnuTlsInteropIT extends PeerTests {
  LibcoapGnuTlsInteropIT() {
    super(InteropClients.LIBCOAP_GNUTLS, InteropServers.LIBCOAP_GNUTLS);
  }
}
