// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.PskServer;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes that are made with devices, by Bouncy Castle's DTLS, at a Leshan server. */
class BouncyCastleMistakesTest {
  private static final String KEY = "8f1e6c0ad2b94735a1c85e7f30d69b42";
  private static final String OTHER_KEY = "3c7705be1f92d84a60e4b1395dc8f726";

  private final CredentialStore store = new InMemoryCredentialStore();
  private final BlockingQueue<HandshakeRefusal> refusals = new LinkedBlockingQueue<>();
  private final LeshanServer server =
      PskServer.builder(store)
          .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .onHandshakeRefusal(refusals::add)
          .build();

  BouncyCastleMistakesTest() {
    put("sensor-1", KEY);
    put("sensor-2", OTHER_KEY);
    server.start();
  }

  private void put(String endpoint, String hex) {
    PreSharedKey key = PreSharedKey.ofHex(hex.getBytes(US_ASCII));
    store.put(DeviceCredential.of(endpoint, PskIdentity.of(endpoint), key));
  }

  @AfterEach
  void stop() {
    server.destroy();
  }

  @ParameterizedTest
  @CsvSource({
    "TLS_PSK_WITH_AES_128_CCM_8, true",
    "TLS_PSK_WITH_AES_128_CCM_8, false",
    "TLS_PSK_WITH_AES_128_CBC_SHA256, true",
    "TLS_PSK_WITH_AES_128_CBC_SHA256, false"
  })
  void refusal_hexDigitsAsText_areNamed(String suite, boolean extended) throws Exception {
    String text = HexFormat.of().formatHex((KEY + "\n").getBytes(US_ASCII));

    assertThat(refusal(suite, "sensor-1", text, extended))
        .endsWith(
            "; the device seems to use the key's hex digits as text with a line feed behind it"
                + " (it has to decode them)");
  }

  @ParameterizedTest
  @CsvSource({
    "sensor-1, " + KEY + "00, use the key with a NUL behind it",
    "sensor-1, 429bd6307f5ec8a13547b9d20a6c1e8f, use the key's bytes in reverse order",
    "sensor-1, 000102030405060708090a0b0c0d0e0f, use its firmware's built-in key",
    "sensor-1, " + OTHER_KEY + ", use the key of 'sensor-2'",
    "SENSOR-1, " + KEY + ", 'mean ''sensor-1'', whose key it has'"
  })
  void refusal_otherMistake_isNamed(String identity, String key, String mistake) throws Exception {
    assertThat(refusal("TLS_PSK_WITH_AES_128_CCM_8", identity, key, true))
        .contains("; the device seems to " + mistake + " (");
  }

  private String refusal(String suite, String identity, String key, boolean extended)
      throws Exception {
    int port = server.getEndpoint(Protocol.COAPS).getURI().getPort();
    BouncyCastleDevice.beRefused(port, suite, identity, key, extended);
    HandshakeRefusal refusal = refusals.poll(20, TimeUnit.SECONDS);
    assertThat(refusal).isNotNull();
    return refusal.text();
  }
}
