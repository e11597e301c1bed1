// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static io.github.lwm2mcreds.leshan.interop.PskSuite.CBC;
import static io.github.lwm2mcreds.leshan.interop.PskSuite.CCM_8;
import static io.github.lwm2mcreds.leshan.interop.PskSuite.ECDHE;

import io.github.lwm2mcreds.DtlsStack;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The peers that act as devices, in the order of their columns. */
final class InteropClients {
  private static final String NO_CONNECTION_ID = "it has no connection ids";

  static final PeerClient OPENSSL = new OpenSslClient();
  static final PeerClient GNUTLS = new GnuTlsClient();
  static final PeerClient LIBCOAP_OPENSSL =
      libcoap("OpenSSL", DtlsStack.LIBCOAP_OPENSSL, List.of(CCM_8, ECDHE), InteropCase.CBC);
  static final PeerClient LIBCOAP_GNUTLS =
      libcoap("GnuTLS", DtlsStack.LIBCOAP_GNUTLS, List.of(CBC, ECDHE), InteropCase.CCM_8);
  static final PeerClient MBEDTLS =
      new CClient(
          "Mbed TLS",
          DtlsStack.MBEDTLS,
          List.of(CCM_8, CBC, ECDHE),
          Map.of(
              InteropCase.CONNECTION_ID,
              "Debian builds it without connection ids",
              InteropCase.KEY_64,
              "Debian builds it for keys of up to 32 bytes"));
  static final PeerClient WOLFSSL =
      new CClient(
          "wolfSSL",
          DtlsStack.WOLFSSL,
          List.of(ECDHE),
          Map.of(
              InteropCase.CCM_8,
              "Debian builds it without suites that have a PSK alone",
              InteropCase.CBC,
              "Debian builds it without suites that have a PSK alone",
              InteropCase.CONNECTION_ID,
              "it has connection ids with DTLS 1.3 alone"));
  static final PeerClient BOUNCY_CASTLE = new BouncyCastleClient();
  static final PeerClient NODE = new NodeClient();
  static final PeerClient SCANDIUM = new ScandiumClient();
  static final PeerClient LESHAN = new LeshanPeer();

  static final InteropMatrix MATRIX =
      new InteropMatrix(
          "clients",
          List.of(
                  OPENSSL,
                  GNUTLS,
                  LIBCOAP_OPENSSL,
                  LIBCOAP_GNUTLS,
                  MBEDTLS,
                  WOLFSSL,
                  BOUNCY_CASTLE,
                  NODE,
                  SCANDIUM,
                  LESHAN)
              .stream()
              .map(PeerClient::name)
              .toList(),
          Arrays.stream(InteropCase.values()).map(InteropCase::label).toList());

  private InteropClients() {}

  /** It offers both suites that {@code serve} has, and the one that it prefers is used. */
  private static PeerClient libcoap(
      String backEnd, DtlsStack stack, List<PskSuite> used, InteropCase unused) {
    return new CClient(
        "libcoap, " + backEnd,
        stack,
        used,
        Map.of(
            unused,
            "its cipher suites cannot be set, and it prefers the other",
            InteropCase.RESUMPTION,
            "it resumes no session",
            InteropCase.CONNECTION_ID,
            NO_CONNECTION_ID));
  }
}
