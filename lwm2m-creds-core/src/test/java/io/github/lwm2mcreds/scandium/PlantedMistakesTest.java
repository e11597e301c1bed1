// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.DtlsPeer.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.eclipse.californium.scandium.dtls.cipher.CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256;
import static org.eclipse.californium.scandium.dtls.cipher.CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.Diagnosis.Mistake;
import io.github.lwm2mcreds.scandium.DtlsPeer.Handshake;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes that are made with devices, by clients of several makers, and what an operator reads.
 */
class PlantedMistakesTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static final String HEX = "8f1e6c0ad2b94735a1c85e7f30d69b42";
  private static final byte[] KEY = HexFormat.of().parseHex(HEX);
  private static final String OTHER_HEX = "3c7705be1f92d84a60e4b1395dc8f726";
  private static final String KEY_TEXT = "e75ac16b0489f23dd1507f9b6ea84c30";

  private record Planted(String name, byte[] key, Mistake mistake, String detail) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final InMemoryCredentialStore store =
      new InMemoryCredentialStore(KeyPolicy.allowingAnyKey());
  private final Loopback loopback = new Loopback(store);

  PlantedMistakesTest() {
    put("lot-0007", KEY);
    put("lot-0012", HexFormat.of().parseHex(OTHER_HEX));
    put("texted", text(KEY_TEXT));
  }

  private void put(String endpoint, byte[] key) {
    store.put(DeviceCredential.of(endpoint, PskIdentity.of(endpoint), PreSharedKey.copyOf(key)));
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  private static Stream<Planted> planted() {
    String upper = HEX.toUpperCase(Locale.ROOT);
    return Stream.of(
        new Planted("hex", text(HEX), Mistake.HEX_AS_TEXT, ""),
        new Planted("upper-case hex", text(upper), Mistake.HEX_AS_TEXT, ""),
        new Planted("hex, LF", text(HEX + "\n"), Mistake.HEX_AS_TEXT, "with a line feed behind it"),
        new Planted("hex, CR LF", text(HEX + "\r\n"), Mistake.HEX_AS_TEXT, "with CR LF behind it"),
        new Planted("hex, NUL", text(HEX + "\0"), Mistake.HEX_AS_TEXT, "with a NUL behind it"),
        new Planted("LF", joined(KEY, '\n'), Mistake.KEY_WITH_MORE, "with a line feed behind it"),
        new Planted("NUL", joined(KEY, '\0'), Mistake.KEY_WITH_MORE, "with a NUL behind it"),
        new Planted("Base64", Base64.getEncoder().encode(KEY), Mistake.BASE64_AS_TEXT, ""),
        new Planted("reversed", reversed(), Mistake.KEY_REVERSED, ""),
        new Planted("built-in", KeyPolicy.builtInKey().exposeBytes(), Mistake.BUILT_IN_KEY, ""),
        new Planted(
            "another's",
            HexFormat.of().parseHex(OTHER_HEX),
            Mistake.KEY_OF_OTHER_DEVICE,
            "'lot-0012'"));
  }

  private static byte[] joined(byte[] key, char last) {
    return HexFormat.of().parseHex(HEX + String.format("%02x", (int) last));
  }

  private static byte[] reversed() {
    byte[] reversed = new byte[KEY.length];
    for (int i = 0; i < KEY.length; i++) {
      reversed[i] = KEY[KEY.length - 1 - i];
    }
    return reversed;
  }

  private static Stream<Arguments> peersAndMistakes() {
    return Stream.of(DtlsPeer.values())
        .flatMap(peer -> planted().map(mistake -> Arguments.of(peer, mistake)));
  }

  @ParameterizedTest
  @MethodSource("peersAndMistakes")
  void refusal_wrongKey_saysWhatTheDeviceDoes(DtlsPeer peer, Planted planted) throws Exception {
    HandshakeRefusal refusal =
        refusal(peer, new Handshake("lot-0007", planted.key, TLS_PSK_WITH_AES_128_CCM_8, true));

    assertThat(refusal.reason()).isEqualTo(Reason.WRONG_KEY);
    assertThat(refusal.diagnosis()).contains(new Diagnosis(planted.mistake, planted.detail));
    assertThat(refusal.text()).doesNotContainIgnoringCase(HEX.substring(0, 4));
  }

  private static Stream<Arguments> peersAndHandshakes() {
    return Stream.of(DtlsPeer.values())
        .flatMap(
            peer ->
                Stream.of(
                    Arguments.of(peer, TLS_PSK_WITH_AES_128_CCM_8, false),
                    Arguments.of(peer, TLS_PSK_WITH_AES_128_CBC_SHA256, true),
                    Arguments.of(peer, TLS_PSK_WITH_AES_128_CBC_SHA256, false)));
  }

  @ParameterizedTest
  @MethodSource("peersAndHandshakes")
  void refusal_everyKindOfHandshake_isLookedInto(DtlsPeer peer, CipherSuite suite, boolean extended)
      throws Exception {
    HandshakeRefusal refusal = refusal(peer, new Handshake("lot-0007", text(HEX), suite, extended));

    assertThat(refusal.diagnosis()).contains(new Diagnosis(Mistake.HEX_AS_TEXT, ""));
  }

  @ParameterizedTest
  @EnumSource
  void refusal_keyThatIsText_saysThatTheDeviceDecodesIt(DtlsPeer peer) throws Exception {
    byte[] decoded = HexFormat.of().parseHex(KEY_TEXT);
    HandshakeRefusal refusal =
        refusal(peer, new Handshake("texted", decoded, TLS_PSK_WITH_AES_128_CCM_8, true));

    assertThat(refusal.diagnosis()).contains(new Diagnosis(Mistake.TEXT_AS_HEX, ""));
  }

  @ParameterizedTest
  @EnumSource
  void refusal_identityWithLineFeed_namesTheOneMeant(DtlsPeer peer) throws Exception {
    HandshakeRefusal refusal =
        refusal(peer, new Handshake("lot-0007\n", KEY, TLS_PSK_WITH_AES_128_CCM_8, true));

    assertThat(refusal.text())
        .startsWith("unknown PSK identity 'lot-0007\\u000a' from 127.0.0.1:")
        .endsWith(
            "; the device seems to mean 'lot-0007', whose key it has"
                + " (look for blanks, line ends, NULs or quotes in the identity)");
  }

  @ParameterizedTest
  @EnumSource
  void refusal_erasedPartition_saysThatTheKeyIsBuiltIn(DtlsPeer peer) throws Exception {
    byte[] builtIn = KeyPolicy.builtInKey().exposeBytes();
    HandshakeRefusal refusal =
        refusal(peer, new Handshake("zmp:sn:0badcafe", builtIn, TLS_PSK_WITH_AES_128_CCM_8, true));

    assertThat(refusal.reason()).isEqualTo(Reason.UNKNOWN_IDENTITY);
    assertThat(refusal.diagnosis()).contains(new Diagnosis(Mistake.BUILT_IN_KEY, ""));
  }

  @ParameterizedTest
  @EnumSource
  void refusal_keyOfNoUsualMistake_hasNoDiagnosis(DtlsPeer peer) throws Exception {
    byte[] other = "none of the usual".getBytes(US_ASCII);
    HandshakeRefusal refusal =
        refusal(peer, new Handshake("lot-0007", other, TLS_PSK_WITH_AES_128_CCM_8, true));

    assertThat(refusal.diagnosis()).isEmpty();
    assertThat(refusal.text()).matches("wrong key for PSK identity 'lot-0007' from [0-9.:]+");
  }

  private HandshakeRefusal refusal(DtlsPeer peer, Handshake handshake) throws Exception {
    Runnable end = peer.connect(loopback, handshake);
    try {
      await().atMost(LONG).until(() -> !loopback.refusals.isEmpty());
    } finally {
      end.run();
    }
    return loopback.refusals.get(0);
  }
}
