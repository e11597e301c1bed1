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
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ConnectionStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTerminatorTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final LateStore store = new LateStore();
  private Loopback loopback;

  @BeforeEach
  void startServer() {
    store.inner.put(credential("good", "good", 1));
    store.inner.put(credential("bad", "bad", 2));
    loopback = new Loopback(store);
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  @Test
  void session_ofARetiredCredential_endsAndThoseOfOthersLiveOn() {
    Loopback.Device good = loopback.new Device(impatientDevice(credential("good", "good", 1)));
    Loopback.Device bad = loopback.new Device(impatientDevice(credential("bad", "bad", 2)));
    EndpointContext before = good.echo("1").join().server();
    bad.echo("1").join();

    store.inner.remove("bad");

    await().atMost(LONG).until(() -> !loopback.sessions().contains("bad"));
    EndpointContext after = good.echo("2").join().server();
    assertThat(after.get(DtlsEndpointContext.KEY_SESSION_ID))
        .isEqualTo(before.get(DtlsEndpointContext.KEY_SESSION_ID));
    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void session_ofARetiredCredential_cannotBeResumed() {
    Loopback.Device good = loopback.new Device(impatientDevice(credential("good", "good", 1)));
    Loopback.Device bad = loopback.new Device(impatientDevice(credential("bad", "bad", 2)));
    EndpointContext before = good.echo("1").join().server();
    bad.echo("1").join();

    store.inner.remove("bad");
    await().atMost(LONG).until(() -> !loopback.sessions().contains("bad"));
    good.resume();
    bad.resume();

    EndpointContext after = good.echo("2").join().server();
    assertThat(after.get(DtlsEndpointContext.KEY_SESSION_ID))
        .isEqualTo(before.get(DtlsEndpointContext.KEY_SESSION_ID));
    assertThat(after.get(DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP))
        .isNotEqualTo(before.get(DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP));
    bad.echo("2");
    await().atMost(LONG).until(() -> !loopback.refusals.isEmpty());
    assertThat(loopback.refusals)
        .extracting(HandshakeRefusal::pskIdentity, HandshakeRefusal::reason)
        .containsExactly(tuple("bad", Reason.UNKNOWN_IDENTITY));
    assertThat(loopback.sessions()).containsOnly("good");
  }

  @Test
  void session_whoseKeyIsReplaced_isNotResumedEvenBeforeItEnds() {
    Loopback.Device device = deviceThatResumesAtRetirement();
    device.echo("1").join();

    store.inner.put(credential("bad", "bad", 3));

    assertThat(device.lastEcho()).isNotDone();
    assertThat(loopback.refusals)
        .extracting(HandshakeRefusal::pskIdentity, HandshakeRefusal::reason)
        .containsExactly(tuple("bad", Reason.WRONG_KEY));
    await().atMost(LONG).until(() -> loopback.sessions().isEmpty());
  }

  @Test
  void session_whoseIdentityIsGone_isNotResumedEvenBeforeItEnds() {
    Loopback.Device device = deviceThatResumesAtRetirement();
    device.echo("1").join();

    store.inner.remove("bad");

    assertThat(device.lastEcho()).isNotDone();
    assertThat(loopback.refusals)
        .extracting(HandshakeRefusal::pskIdentity, HandshakeRefusal::reason)
        .containsExactly(tuple("bad", Reason.UNKNOWN_IDENTITY));
  }

  /** Resumes after the store has changed, and before the server is told. */
  private Loopback.Device deviceThatResumesAtRetirement() {
    loopback.close();
    AtomicReference<Loopback.Device> device = new AtomicReference<>();
    store.addListener(
        retired -> {
          device.get().resume();
          CompletableFuture<Echo> echo = device.get().echo("resumed");
          await().atMost(LONG).until(() -> echo.isDone() || !loopback.refusals.isEmpty());
        });
    loopback = new Loopback(store);
    device.set(loopback.new Device(impatientDevice(credential("bad", "bad", 2))));
    return device.get();
  }

  @Test
  void session_ofAReplacedKey_endsAndTheNewKeyServes() {
    loopback.echoOf(LwM2mDtls.device(credential("bad", "bad", 2)));

    store.inner.put(credential("bad", "bad", 3));

    await().atMost(LONG).until(() -> loopback.sessions().isEmpty());
    await().atMost(LONG).until(() -> isServed(impatientDevice(credential("bad", "bad", 3))));
  }

  /** Not at the first time, should the server still be ending sessions. */
  private boolean isServed(DtlsConnectorConfig.Builder device) {
    return loopback.echo(device, "hello").handle((echo, error) -> error == null).join();
  }

  @Test
  void handshake_thatWaitsForARetiredKey_isAborted() {
    CompletableFuture<Optional<PreSharedKey>> answer = store.answerLater("bad");
    CompletableFuture<Echo> echo =
        loopback.echo(impatientDevice(credential("bad", "bad", 2)), "hello");
    await().atMost(LONG).until(() -> store.wasAsked("bad"));
    assertThat(loopback.connections()).isEqualTo(1);

    store.inner.remove("bad");
    await().atMost(LONG).until(() -> loopback.connections() == 0);
    PreSharedKey late = key(2); // read before it was retired
    answer.complete(Optional.of(late));

    assertThat(echo).failsWithin(LONG);
    assertThat(loopback.sessions()).isEmpty();
    assertThat(late.isDestroyed()).isTrue();
  }

  @Test
  void handshake_thatHasJustTakenARetiredKey_leavesNoSession() {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch retired = new CountDownLatch(1);
    store.onFound(
        identity -> {
          taken.countDown();
          retired.await();
        });
    loopback.echo(impatientDevice(credential("bad", "bad", 2)), "hello");
    await().atMost(LONG).until(() -> taken.getCount() == 0);

    store.inner.remove("bad");
    retired.countDown();

    await().atMost(LONG).until(() -> loopback.connections() == 0);
    assertThat(loopback.refusals).isEmpty();
  }

  @Test
  void handshake_thatWaitsForAnotherKey_goesOn() {
    CompletableFuture<Optional<PreSharedKey>> answer = store.answerLater("good");
    CompletableFuture<Echo> echo =
        loopback.echo(LwM2mDtls.device(credential("good", "good", 1)), "hello");
    loopback.echoOf(LwM2mDtls.device(credential("bad", "bad", 2)));
    await().atMost(LONG).until(() -> store.wasAsked("good"));

    store.inner.remove("bad");
    await().atMost(LONG).until(() -> loopback.connections() == 1);
    answer.complete(Optional.of(key(1)));

    assertThat(echo.join().text()).isEqualTo("hello");
  }

  @Test
  void session_whoseCredentialIsRetiredWhileTheServerIsStopped_isNotThereAgain() throws Exception {
    loopback.echoOf(LwM2mDtls.device(credential("good", "good", 1)));
    loopback.echoOf(LwM2mDtls.device(credential("bad", "bad", 2)));

    loopback.restart(() -> store.inner.remove("bad"));

    await().atMost(LONG).until(() -> !loopback.sessions().contains("bad"));
    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void connector_listensFromStartToDestroy() throws Exception {
    assertThat(store.listeners).hasSize(1);

    loopback.restart(() -> assertThat(store.listeners).hasSize(1));
    assertThat(store.listeners).hasSize(1);

    loopback.close();
    assertThat(store.listeners).isEmpty();
    new PskServerConnector(
        LwM2mDtls.server(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ScandiumPskStore(store))
            .build(),
        store);
    assertThat(store.listeners).isEmpty();
  }

  @Test
  void retirements_thatComeDuringAPass_shareTheNext() {
    AtomicInteger passes = new AtomicInteger();
    Semaphore mayGoOn = new Semaphore(0);
    SessionTerminator terminator =
        new SessionTerminator(
            connectionStoreWhoseIterator(
                () -> {
                  passes.incrementAndGet();
                  mayGoOn.acquireUninterruptibly();
                }),
            store);
    retire(terminator, 0);
    assertThat(terminator.isEnding("d0")).isTrue();
    await().atMost(LONG).until(() -> passes.get() == 1);
    assertThat(terminator.isEnding("d0")).isTrue();

    for (int i = 1; i <= 1000; i++) {
      retire(terminator, i);
    }
    mayGoOn.release(1000);
    await().atMost(LONG).until(() -> passes.get() == 2 && mayGoOn.availablePermits() == 998);
    assertThat(terminator.isEnding("d0")).isFalse();
    retire(terminator, 1001);

    await().atMost(LONG).until(() -> passes.get() == 3 && mayGoOn.availablePermits() == 997);
    await().atMost(LONG).until(() -> !terminator.isEnding("d1001"));
  }

  @Test
  void retirement_duringASweep_doesNotWaitForIt() {
    AtomicInteger passes = new AtomicInteger();
    Semaphore mayGoOn = new Semaphore(0);
    SessionTerminator terminator =
        new SessionTerminator(
            connectionStoreWhoseIterator(
                () -> {
                  if (passes.incrementAndGet() == 1) {
                    mayGoOn.acquireUninterruptibly();
                  }
                }),
            store);
    terminator.changesMissed();
    await().atMost(LONG).until(() -> passes.get() == 1);

    retire(terminator, 0);

    await().atMost(LONG).until(() -> !terminator.isEnding("d0"));
    assertThat(mayGoOn.hasQueuedThreads()).as("the sweep goes on").isTrue();
    mayGoOn.release();
  }

  private static void retire(SessionTerminator terminator, int device) {
    terminator.credentialRetired(
        new RetiredCredential("d" + device, PskIdentity.of("d" + device), Cause.REMOVED));
  }

  static ConnectionStore connectionStoreWhoseIterator(Runnable onPass) {
    return (ConnectionStore)
        Proxy.newProxyInstance(
            SessionTerminatorTest.class.getClassLoader(),
            new Class<?>[] {ConnectionStore.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("iterator");
              onPass.run();
              return Collections.emptyIterator();
            });
  }
}
