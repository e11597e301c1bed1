// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** OpenSSL's {@code s_client} as a device and as a server. */
class OpenSslInteropIT extends PeerTests {
  OpenSslInteropIT() {
    super(InteropClients.OPENSSL, InteropServers.OPENSSL);
  }
}
