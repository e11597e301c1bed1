// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.Arrays;
import java.util.List;

/** The peers that act as servers, in the order of their columns. */
final class InteropServers {
  static final PeerServer OPENSSL = new OpenSslServer();
  static final PeerServer GNUTLS = new GnuTlsServer();
  static final PeerServer LIBCOAP_OPENSSL = new LibcoapServer("OpenSSL", "coap-server-openssl");
  static final PeerServer LIBCOAP_GNUTLS = new LibcoapServer("GnuTLS", "coap-server-gnutls");
  static final PeerServer BOUNCY_CASTLE = new BouncyCastleServer();
  static final PeerServer SCANDIUM = new ScandiumServer();

  static final InteropMatrix MATRIX =
      new InteropMatrix(
          "servers",
          List.of(OPENSSL, GNUTLS, LIBCOAP_OPENSSL, LIBCOAP_GNUTLS, BOUNCY_CASTLE, SCANDIUM)
              .stream()
              .map(PeerServer::name)
              .toList(),
          Arrays.stream(DeviceCase.values()).map(DeviceCase::label).toList());

  private InteropServers() {}
}
