// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static io.github.lwm2mcreds.scandium.Loopback.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.scandium.Loopback.Echo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResult;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handshakes whose key the store has to look further for. */
class LateAnswerTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final LateStore store = new LateStore();
  private final Loopback loopback = new Loopback(store);

  @AfterEach
  void stop() {
    loopback.close();
  }

  @Test
  void handshake_whoseKeyIsFoundLater_succeeds() {
    store.inner.put(credential("deadbeef", "identity", 1));
    CompletableFuture<Optional<PreSharedKey>> answer = store.answerLater("identity");
    CompletableFuture<Echo> echo = loopback.echo(device("identity", 1), "hello");
    awaitAsked("identity");

    answer.complete(Optional.of(key(1)));

    assertThat(echo.join().text()).isEqualTo("hello");
    assertThat(loopback.sessions()).containsExactly("identity");
    assertThat(loopback.refusals).isEmpty();
  }

  @Test
  void handshake_whoseIdentityIsNotUtf8_carriesItsString() {
    PskIdentity identity = PskIdentity.ofBytes(new byte[] {'a', (byte) 0xff});
    CompletableFuture<Optional<PreSharedKey>> answer = store.answerLater(identity);
    CompletableFuture<Echo> echo =
        loopback.echo(LwM2mDtls.device(credential("d", identity, 1)), "hello");
    awaitAsked(identity.asString());

    answer.complete(Optional.of(key(1)));

    assertThat(echo.join().server().getPeerIdentity().getName()).isEqualTo("a\udcff");
  }

  @Test
  void handshakes_ofOthers_goOnWhileOneWaits() {
    store.inner.put(credential("a", "known", 1));
    CompletableFuture<Optional<PreSharedKey>> answer = store.answerLater("late");
    CompletableFuture<Echo> waiting = loopback.echo(device("late", 2), "late");
    awaitAsked("late");

    for (int i = 0; i < 3; i++) {
      assertThat(loopback.echoOf(device("known", 1)).text()).isEqualTo("hello");
    }

    assertThat(waiting).isNotDone();
    answer.complete(Optional.of(key(2)));
    assertThat(waiting.join().text()).isEqualTo("late");
  }

  @Test
  void refusal_wrongKeyOrUnknownIdentity_looksTheSameAsAtOnce() {
    store.inner.put(credential("a", "at-once1", 1));
    store.inner.put(credential("b", "wrongkey", 1));
    CompletableFuture<Optional<PreSharedKey>> wrongKey = store.answerLater("wrongkey");
    CompletableFuture<Optional<PreSharedKey>> unknown = store.answerLater("unknown1");
    CompletableFuture<Optional<PreSharedKey>> failed = store.answerLater("failed-1");
    List<Capture> captures = new ArrayList<>();
    List<CompletableFuture<Echo>> echoes = new ArrayList<>();
    for (String identity : List.of("at-once1", "wrongkey", "unknown1", "failed-1")) {
      Capture capture = new Capture();
      captures.add(capture);
      echoes.add(
          loopback.echo(
              impatientDevice(credential("d", identity, 2))
                  .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 3, TimeUnit.SECONDS)
                  .setDatagramFilter(capture),
              "hello"));
    }
    List.of("wrongkey", "unknown1", "failed-1").forEach(this::awaitAsked);

    wrongKey.complete(Optional.of(key(1)));
    unknown.complete(Optional.empty());
    failed.completeExceptionally(new IllegalStateException("which no store should do"));

    echoes.forEach(echo -> assertThat(echo).failsWithin(LONG));
    assertThat(captures.get(0).records)
        .isNotEmpty()
        .noneMatch(sent -> sent.type() == Capture.ALERT);
    assertThat(captures).allMatch(c -> c.records.equals(captures.get(0).records));
    assertThat(loopback.refusals)
        .extracting(HandshakeRefusal::pskIdentity, HandshakeRefusal::reason)
        .containsExactlyInAnyOrder(
            tuple("at-once1", Reason.WRONG_KEY),
            tuple("wrongkey", Reason.WRONG_KEY),
            tuple("unknown1", Reason.UNKNOWN_IDENTITY),
            tuple("failed-1", Reason.UNKNOWN_IDENTITY));
  }

  @Test
  void request_ofAConnectorThatCannotBeAnsweredLater_isAnsweredAtOnce() {
    store.answerLater("identity");

    assertThat(request(new ScandiumPskStore(store), "identity").isPskSecret()).isTrue();
    assertThat(store.wasAsked("identity")).isFalse();
  }

  @Test
  void request_answeredMeanwhile_isAnsweredAtOnce() {
    ScandiumPskStore pskStore = new ScandiumPskStore(store);
    pskStore.setResultHandler(
        result -> {
          throw new AssertionError("answered twice");
        });
    PreSharedKey found = key(1);
    store.answerLater("identity").complete(Optional.of(found));

    assertThat(request(pskStore, "identity").getSecret().getEncoded())
        .isEqualTo(key(1).exposeBytes());
    assertThat(found.isDestroyed()).isTrue();
  }

  @Test
  void result_thatTheConnectorDrops_isWipedAllTheSame() {
    ScandiumPskStore pskStore = new ScandiumPskStore(store);
    AtomicReference<SecretKey> secret = new AtomicReference<>();
    pskStore.setResultHandler(result -> secret.set(secretOf(result)));
    PreSharedKey found = key(1);
    CompletableFuture<Optional<PreSharedKey>> answer = store.answerLater("identity");
    assertThat(request(pskStore, "identity")).isNull();

    answer.complete(Optional.of(found));

    assertThat(found.isDestroyed()).isTrue();
    await()
        .atMost(LONG)
        .until(
            () -> {
              System.gc();
              return secret.get().isDestroyed();
            });
  }

  private static SecretKey secretOf(HandshakeResult result) {
    SecretKey secret = ((PskSecretResult) result).getSecret();
    assertThat(secret.getEncoded()).isEqualTo(key(1).exposeBytes());
    return secret;
  }

  private static PskSecretResult request(ScandiumPskStore pskStore, String identity) {
    return pskStore.requestPskSecretResult(
        new ConnectionId(new byte[6]),
        null,
        new PskPublicInformation(identity),
        "HmacSHA256",
        null,
        new byte[64],
        true);
  }

  private static DtlsConnectorConfig.Builder device(String identity, int key) {
    return LwM2mDtls.device(credential("d", identity, key));
  }

  private void awaitAsked(String identity) {
    await().atMost(LONG).until(() -> store.wasAsked(identity));
  }
}
