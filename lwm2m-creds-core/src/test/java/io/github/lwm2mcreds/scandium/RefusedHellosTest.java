// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Devices that are refused for what their ClientHello offers, and what an operator reads. */
class RefusedHellosTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private final Loopback loopback = new Loopback(store);

  RefusedHellosTest() {
    store.put(credential("sensor", "sensor", 1));
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  @Test
  void refusal_opensslWithoutPsk_hasAddressAndSuites() throws Exception {
    assertThat(refusal(openssl("-dtls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA")))
        .matches(
            "no common cipher suite from 127\\.0\\.0\\.1:[0-9]+; the device offers"
                + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_128_CBC_SHA");
    assertReason(Reason.NO_COMMON_CIPHER_SUITE);
  }

  @Test
  void refusal_gnutlsWithOtherPskSuites_hasAddressAndSuites() throws Exception {
    assertThat(refusal(gnutls("+VERS-DTLS1.2:+PSK:+AES-256-GCM:+CHACHA20-POLY1305:+AEAD")))
        .matches(
            "no common cipher suite from 127\\.0\\.0\\.1:[0-9]+; the device offers"
                + " TLS_PSK_WITH_AES_256_GCM_SHA384, 0xccab");
    assertReason(Reason.NO_COMMON_CIPHER_SUITE);
  }

  @Test
  void refusal_opensslWithDtls10Alone_hasAddressAndVersion() throws Exception {
    assertThat(
            refusal(
                openssl("-dtls1", "-cipher", "ALL:@SECLEVEL=0", "-psk", "00112233445566778899")))
        .matches(
            "unsupported version of DTLS from 127\\.0\\.0\\.1:[0-9]+; the device offers DTLS"
                + " 1\\.0");
    assertReason(Reason.UNSUPPORTED_VERSION);
  }

  @Test
  void refusal_gnutlsWithDtls10Alone_hasAddressAndVersion() throws Exception {
    assertThat(refusal(gnutls("+VERS-DTLS1.0:+PSK:+AES-128-CBC:+SHA1")))
        .matches(
            "unsupported version of DTLS from 127\\.0\\.0\\.1:[0-9]+; the device offers DTLS"
                + " 1\\.0");
    assertReason(Reason.UNSUPPORTED_VERSION);
  }

  @Test
  void refusal_gnutlsThatFragments_hasAddress() throws Exception {
    ProcessBuilder fragmenting = gnutls("+VERS-DTLS1.2:+PSK:+CIPHER-ALL:+MAC-ALL");
    fragmenting.command().addAll(List.of("--mtu", "100"));

    assertThat(refusal(fragmenting))
        .matches(
            "ClientHello in fragments from 127\\.0\\.0\\.1:[0-9]+;"
                + " it has to fit into one datagram \\(the address is not verified\\)");
    assertReason(Reason.FRAGMENTED_CLIENT_HELLO);
  }

  @Test
  void refusal_fragments_areReportedOnceForAllOfThem() throws Exception {
    try (DatagramSocket device = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      send(device, Hellos.record(Hellos.fragment(0, 40)));
      send(device, Hellos.record(Hellos.fragment(40, 40)));
      send(device, Hellos.record(Hellos.fragment(80, 20)));
      awaitServed();

      assertThat(loopback.refusals)
          .containsExactly(
              new HandshakeRefusal(
                  Optional.of((InetSocketAddress) device.getLocalSocketAddress()),
                  "",
                  Reason.FRAGMENTED_CLIENT_HELLO));
    }
  }

  @Test
  void refusal_fragmentsInOneDatagram_areReported() throws Exception {
    try (DatagramSocket device = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      send(device, Hellos.record(Hellos.fragment(0, 60)) + Hellos.record(Hellos.fragment(60, 40)));
      awaitServed();
    }

    assertReason(Reason.FRAGMENTED_CLIENT_HELLO);
  }

  /** Anybody could send such in another's name, and it would be reported as the other's. */
  @Test
  void refusal_helloOfAnAddressThatIsNotVerified_isNotReported() throws Exception {
    try (DatagramSocket device = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      send(device, Hellos.datagram("fefd", "1301"));
      send(device, Hellos.datagram("feff", "c0a8"));
      awaitServed();
    }

    assertThat(loopback.refusals).isEmpty();
  }

  private void send(DatagramSocket device, String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    device.send(new DatagramPacket(bytes, bytes.length, loopback.address()));
  }

  /** The server has one receiving thread: whatever came before has been handled. */
  private void awaitServed() {
    loopback.echoOf(LwM2mDtls.device(credential("sensor", "sensor", 1)));
  }

  private ProcessBuilder openssl(String... options) {
    ProcessBuilder openssl =
        DtlsPeer.process("openssl", "s_client", "-connect", DtlsPeer.hostPort(loopback.address()));
    openssl.command().addAll(List.of(options));
    return openssl;
  }

  private ProcessBuilder gnutls(String priority) {
    return DtlsPeer.process(
        "gnutls-cli",
        loopback.address().getAddress().getHostAddress(),
        "--udp",
        "--port",
        String.valueOf(loopback.address().getPort()),
        "--pskusername",
        "sensor",
        "--pskkey",
        "00112233445566778899",
        "--priority",
        "NONE:+SIGN-ALL:+GROUP-ALL:" + priority);
  }

  private String refusal(ProcessBuilder client) throws IOException {
    Runnable end = DtlsPeer.started(client);
    try {
      await().atMost(LONG).until(() -> !loopback.refusals.isEmpty());
    } finally {
      end.run();
    }
    return loopback.refusals.get(0).text();
  }

  private void assertReason(Reason reason) {
    assertThat(loopback.refusals).extracting(HandshakeRefusal::reason).contains(reason);
  }
}
