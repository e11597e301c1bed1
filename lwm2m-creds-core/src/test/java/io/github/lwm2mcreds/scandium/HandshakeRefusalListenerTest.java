// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeRefusalListenerTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final InMemoryCredentialStore store = storeWith(credential("deadbeef", "identity", 1));
  private final Loopback loopback = new Loopback(store);

  private static InMemoryCredentialStore storeWith(DeviceCredential credential) {
    InMemoryCredentialStore store = new InMemoryCredentialStore();
    store.put(credential);
    return store;
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_CBC_SHA256"})
  void refusal_wrongKeyAndUnknownIdentity_lookTheSameToThePeer(CipherSuite suite) {
    Capture ofWrongKey = new Capture();
    Capture ofUnknownIdentity = new Capture();
    CompletableFuture<?> wrongKey =
        loopback.echo(
            impatientDevice(credential("deadbeef", "identity", 2))
                .set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(suite))
                .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 3, TimeUnit.SECONDS)
                .setDatagramFilter(ofWrongKey),
            "hello");
    CompletableFuture<?> unknownIdentity =
        loopback.echo(
            impatientDevice(credential("deadbeef", "idontity", 1))
                .set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(suite))
                .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 3, TimeUnit.SECONDS)
                .setDatagramFilter(ofUnknownIdentity),
            "hello");

    Throwable ofOne = failureOf(wrongKey);
    Throwable ofOther = failureOf(unknownIdentity);
    assertThat(ofOne).hasSameClassAs(ofOther);
    assertThat(withoutPorts(ofOne)).isEqualTo(withoutPorts(ofOther));
    assertThat(ofWrongKey.records).isNotEmpty().isEqualTo(ofUnknownIdentity.records);
    assertThat(ofWrongKey.records).noneMatch(sent -> sent.type() == Capture.ALERT);
    assertThat(loopback.refusals)
        .extracting(HandshakeRefusal::pskIdentity, HandshakeRefusal::reason)
        .containsExactlyInAnyOrder(
            tuple("identity", Reason.WRONG_KEY), tuple("idontity", Reason.UNKNOWN_IDENTITY));
  }

  private static Throwable failureOf(CompletableFuture<?> echo) {
    assertThat(echo).failsWithin(LONG);
    return echo.handle((ok, e) -> e instanceof CompletionException c ? c.getCause() : e).join();
  }

  private static String withoutPorts(Throwable failure) {
    return String.valueOf(failure.getMessage()).replaceAll(":[0-9]+", ":port");
  }

  @Test
  void refusal_deviceThatRepeatsItsFinished_isReportedOnce() {
    failureOf(
        loopback.echo(
            impatientDevice(credential("deadbeef", "identity", 2))
                .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 3),
            "hello"));

    assertThat(loopback.refusals).hasSize(1);
    assertThat(loopback.refusals.get(0).peer().orElseThrow().getAddress().isLoopbackAddress())
        .isTrue();
  }

  @Test
  void refusal_secondHandshake_isReportedToo() {
    for (int i = 1; i <= 2; i++) {
      failureOf(loopback.echo(impatientDevice(credential("d", "stranger", 1)), "hello"));

      assertThat(loopback.refusals).hasSize(i);
    }
  }

  @Test
  void refusal_identityThatIsNotUtf8_isReportedEscaped() {
    PskIdentity identity = PskIdentity.ofBytes(new byte[] {'a', '\n', (byte) 0xff});
    loopback.echo(impatientDevice(credential("d", identity, 1)), "hello");

    awaitRefusal();
    assertThat(loopback.refusals)
        .extracting(
            HandshakeRefusal::pskIdentity, HandshakeRefusal::reason, HandshakeRefusal::identity)
        .containsExactly(tuple("a\\u000a\\xff", Reason.UNKNOWN_IDENTITY, Optional.of(identity)));
  }

  @ParameterizedTest
  @ValueSource(ints = {129, 255, 256, 300})
  void refusal_identityThatIsTooLong_isReportedCutAndDoesNotDisturbTheServer(int length) {
    loopback.echo(deviceWithIdentity("i".repeat(length)), "hello");

    awaitRefusal();
    assertThat(loopback.refusals)
        .extracting(
            HandshakeRefusal::pskIdentity, HandshakeRefusal::reason, HandshakeRefusal::identity)
        .containsExactly(tuple("i".repeat(128) + "…", Reason.UNKNOWN_IDENTITY, Optional.empty()));
    assertServes();
  }

  @Test
  void refusal_emptyIdentity_doesNotDisturbTheServer() {
    failureOf(loopback.echo(deviceWithIdentity(""), "hello"));

    assertThat(loopback.refusals)
        .singleElement()
        .extracting(HandshakeRefusal::reason)
        .isEqualTo(Reason.UNKNOWN_IDENTITY);
    assertServes();
  }

  private static DtlsConnectorConfig.Builder deviceWithIdentity(String identity) {
    byte[] key = Loopback.key(1).exposeBytes();
    return impatientDevice(credential("d", "unused", 1))
        .setPskStore(new SinglePskStore(new PskPublicInformation(identity), key));
  }

  private void awaitRefusal() {
    await().atMost(LONG).until(() -> !loopback.refusals.isEmpty());
  }

  @Test
  void refusal_noCommonCipherSuite_isReportedOnce() {
    failureOf(
        loopback.echo(
            impatientDevice(credential("deadbeef", "identity", 1))
                .set(
                    DtlsConfig.DTLS_CIPHER_SUITES,
                    List.of(CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384)),
            "hello"));

    awaitRefusal();
    assertThat(loopback.refusals)
        .extracting(HandshakeRefusal::pskIdentity, HandshakeRefusal::reason)
        .containsExactly(tuple("", Reason.NO_COMMON_CIPHER_SUITE));
    assertThat(loopback.refusals.get(0).offered())
        .containsExactly("TLS_PSK_WITH_AES_256_GCM_SHA384");
    assertThat(loopback.refusals.get(0).peer()).isPresent();
  }

  @Test
  void report_goodHandshake_isNotMade() {
    assertServes();

    assertThat(loopback.refusals).isEmpty();
  }

  private void assertServes() {
    assertThat(loopback.echoOf(LwM2mDtls.device(credential("deadbeef", "identity", 1))).text())
        .isEqualTo("hello");
  }
}
