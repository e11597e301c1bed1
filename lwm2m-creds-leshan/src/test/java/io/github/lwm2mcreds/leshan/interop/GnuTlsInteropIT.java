// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** GnuTLS as a device and as a server. */
class GnuTlsInteropIT extends PeerTests {
  GnuTlsInteropIT() {
    super(InteropClients.GNUTLS, InteropServers.GNUTLS);
  }
}
