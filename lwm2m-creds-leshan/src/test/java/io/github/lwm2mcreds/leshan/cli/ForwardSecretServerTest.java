// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.PskServer;
import io.github.lwm2mcreds.scandium.ForwardSecrecy;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole servers that require or prefer forward secrecy, with devices of Bouncy Castle's. */
class ForwardSecretServerTest {
  private static final String KEY = "c0ffee00000000000000000000000001";

  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private final List<HandshakeRefusal> refusals = new CopyOnWriteArrayList<>();
  private LeshanServer server;

  ForwardSecretServerTest() {
    store.put(
        DeviceCredential.of(
            "sensor-1", PskIdentity.of("sensor-1"), PreSharedKey.ofHex(KEY.getBytes(US_ASCII))));
  }

  @AfterEach
  void destroy() {
    server.destroy();
  }

  private void start(ForwardSecrecy secrecy, LeshanServerBuilder leshan) {
    server =
        PskServer.builder(store)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .forwardSecrecy(secrecy)
            .onHandshakeRefusal(refusals::add)
            .build(leshan);
    server.start();
  }

  private boolean ping(String suite) throws Exception {
    int port = server.getEndpoint(Protocol.COAPS).getURI().getPort();
    return BouncyCastleDevice.ping(port, suite, "sensor-1", KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
        "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256",
        "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256"
      })
  void required_bouncyCastleWithForwardSecrecy_isAnswered(String suite) throws Exception {
    start(ForwardSecrecy.REQUIRED, new LeshanServerBuilder());

    assertThat(ping(suite)).isTrue();
    assertThat(refusals).isEmpty();
  }

  @Test
  void required_bouncyCastleWithoutForwardSecrecy_isRefusedAndReported() throws Exception {
    start(ForwardSecrecy.REQUIRED, new LeshanServerBuilder());

    assertThat(ping("TLS_PSK_WITH_AES_128_CCM_8")).isFalse();
    await()
        .untilAsserted(
            () ->
                assertThat(refusals)
                    .extracting(HandshakeRefusal::reason)
                    .contains(Reason.NO_COMMON_CIPHER_SUITE));
  }

  @Test
  void preferred_bouncyCastleWithOrWithoutForwardSecrecy_isAnswered() throws Exception {
    start(ForwardSecrecy.PREFERRED, new LeshanServerBuilder());

    assertThat(ping("TLS_PSK_WITH_AES_128_CCM_8")).isTrue();
    assertThat(ping("TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256")).isTrue();
  }

  /** The profile names no curve but two; the server's own key may be on another. */
  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1"})
  void required_serverWithAKeyOfItsOwn_takesForwardSecretPskOnly(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair keys = generator.generateKeyPair();
    start(
        ForwardSecrecy.REQUIRED,
        new LeshanServerBuilder().setPrivateKey(keys.getPrivate()).setPublicKey(keys.getPublic()));

    assertThat(ping("TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256")).isTrue();
    assertThat(ping("TLS_PSK_WITH_AES_128_CCM_8")).isFalse();
  }
}
