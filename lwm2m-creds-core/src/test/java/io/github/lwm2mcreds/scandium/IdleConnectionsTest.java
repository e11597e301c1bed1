// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are kept as their bytes while nobody uses them. */
class IdleConnectionsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Loopback loopback;
  private Relay relay;
  private Loopback.Device device;

  private void start() {
    start(new Loopback(withCredentials()));
  }

  private InMemoryCredentialStore withCredentials() {
    for (int i = 0; i < 8; i++) {
      store.put(device(i));
    }
    return store;
  }

  /** Connects device 0 through a relay. */
  private void start(Loopback started) {
    loopback = started;
    open.add(loopback);
    relay = new Relay(loopback.address());
    open.add(relay);
    device = loopback.new Device(impatientDevice(device(0)), relay.address());
    device.echo("first").join();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private static DeviceCredential device(int number) {
    return credential("d" + number, "d" + number, number + 1);
  }

  private Loopback.Device connected(int number) {
    Loopback.Device connected = loopback.new Device(impatientDevice(device(number)));
    connected.echo("hello").join();
    return connected;
  }

  private PskConnections connections() {
    return loopback.store();
  }

  private ConnectionId freeze() {
    List<Connection> frozen = Freezing.all(connections());
    assertThat(frozen).hasSize(1);
    return frozen.get(0).getConnectionId();
  }

  private ServerCounts counts() {
    return loopback.server().counts();
  }

  private void assertNoHandshakeButTheFirst() {
    assertThat(relay.clientHellos()).isEqualTo(2); // one without a cookie
    assertThat(counts().fullHandshakes()).isOne();
  }

  @Test
  void frozenSession_goesOnWithTheNextNumber() {
    start();
    freeze();
    device.echo("second").join();
    freeze();
    freeze();
    device.echo("third").join();
    device.echo("fourth").join();

    assertThat(relay.numbers()).containsExactly(1L, 2L, 3L, 4L); // after the Finished
    assertNoHandshakeButTheFirst();
  }

  @Test
  void frozenSession_rejectsARecordThatItHadBefore() {
    start();
    freeze();
    int served = loopback.served();
    relay.replay();
    device.echo("new").join();

    assertThat(loopback.served()).isEqualTo(served + 1);
  }

  @Test
  void frozenSession_isFoundByItsIdFromAnotherPort() {
    start();
    freeze();
    relay.changePort();

    assertThat(device.echo("moved").join().text()).isEqualTo("moved");
    assertNoHandshakeButTheFirst();
  }

  @Test
  void frozenSession_isTheSameForItsUsers() {
    loopback =
        new Loopback(
            withCredentials(),
            config ->
                config.setApplicationLevelInfoSupplier(
                    (peer, argument) -> AdditionalInfo.from(Map.of("floor", 3))));
    start(loopback);
    EndpointContext before = device.echo("1").join().server();
    ConnectionId id = freeze();
    EndpointContext after = device.echo("2").join().server();

    for (var key :
        List.of(
            DtlsEndpointContext.KEY_SESSION_ID,
            DtlsEndpointContext.KEY_EPOCH,
            DtlsEndpointContext.KEY_CIPHER,
            DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP,
            DtlsEndpointContext.KEY_READ_CONNECTION_ID)) {
      assertThat((Object) after.get(key)).isEqualTo(before.get(key));
    }
    PreSharedKeyIdentity peer = (PreSharedKeyIdentity) after.getPeerIdentity();
    assertThat(peer).isSameAs(before.getPeerIdentity());
    assertThat(peer.getExtendedInfo().get("floor", Integer.class)).isEqualTo(3);
    assertThat(SessionCredential.checkValue(peer)).isPresent();
    assertThat(connections().get(id).getPeerAddress()).isEqualTo(after.getPeerAddress());
  }

  @Test
  void frozenSession_canBeResumed() {
    start();
    EndpointContext before = device.echo("1").join().server();
    freeze();
    relay.changePort();
    device.resume();
    EndpointContext after = device.echo("2").join().server();

    assertThat(after.get(DtlsEndpointContext.KEY_SESSION_ID))
        .isEqualTo(before.get(DtlsEndpointContext.KEY_SESSION_ID));
    assertThat(counts().resumedHandshakes()).isOne();
    assertThat(counts().fullHandshakes()).isOne();
    await().untilAsserted(() -> assertThat(counts().connections()).isOne());
  }

  @Test
  void connectionInHand_isWithoutKeysOnceItIsFrozen() {
    start();
    Connection inHand = Freezing.all(connections()).get(0);

    assertThat(inHand.getEstablishedDtlsContext()).isNull();
    assertThat(connections().remove(inHand, true)).isFalse();
    assertThat(device.echo("again").join().text()).isEqualTo("again");
  }

  @Test
  void time_ofTheLastMessage_isKept() {
    start();
    Connection before = Freezing.all(connections()).get(0);

    assertThat(connections().get(before.getConnectionId()).getLastMessageNanos())
        .isEqualTo(before.getLastMessageNanos());
  }

  @Test
  void connection_askedForSoonAfterItWasPutAside_staysAsItIs() {
    start();
    Connection connection = connections().iterator().next();
    Freezing.forgetHello(connection);
    IdleMoves moves = connections().moves();
    await().until(() -> !connection.hasOngoingHandshake());
    IdleConnection aside = moves.putAside(connection);
    assertThat(counts().connections()).isOne();
    assertThat(connections().get(connection.getPeerAddress())).isSameAs(connection);
    moves.freeze(aside);

    assertThat(connection.hasEstablishedDtlsContext()).isTrue();
    assertThat(connections().get(connection.getConnectionId())).isSameAs(connection);
    assertThat(moves.size()).isZero();
    assertThat(device.echo("again").join().text()).isEqualTo("again");
  }

  @Test
  void handshake_thatIsRecent_isNotPutAside() {
    start();

    assertThat(connections().moves().putAside(connections().iterator().next())).isNull();
  }

  @Test
  void freezer_leavesThoseUsedLast() {
    start();
    connected(1);
    connected(2);
    device.echo("used last").join();
    connections().forEach(Freezing::forgetHello);
    ConnectionFreezer freezer = connections().freezer(1, Duration.ZERO, Duration.ZERO);
    IdleMoves moves = connections().moves();
    await()
        .until(
            () -> {
              freezer.run();
              return moves.size() == 2;
            });
    freezer.run();

    assertThat(moves.size()).isEqualTo(2);
    assertThat(counts().connections()).isEqualTo(3);
    assertThat(moves.all())
        .filteredOn(Connection.class::isInstance)
        .singleElement()
        .extracting(one -> ((Connection) one).getEstablishedPeerIdentity().getName())
        .isEqualTo("d0");
  }

  @Test
  void freezer_leavesThoseThatAreNotQuiet() {
    start();
    connections().forEach(Freezing::forgetHello);
    connections().freezer(0, Duration.ofHours(1), Duration.ZERO).run();

    assertThat(connections().moves().size()).isZero();
  }

  @Test
  void retirement_endsAFrozenSessionAndWakesNoOther() {
    start();
    connected(1);
    connected(2);
    Freezing.all(connections());

    store.remove("d1");

    await().atMost(LONG).until(() -> counts().sessionsRetired() == 1);
    await().untilAsserted(() -> assertThat(counts().connections()).isEqualTo(2));
    assertThat(connections().moves().size()).isEqualTo(2);
    assertThat(loopback.sessions()).containsExactlyInAnyOrder("d0", "d2");
  }

  @Test
  void sweep_endsAFrozenSession() {
    SilentStore silent = new SilentStore();
    silent.inner.put(device(0));
    start(new Loopback(silent));
    freeze();
    silent.inner.remove("d0");

    assertThat(loopback.server().sweep().join()).isOne();
    await().untilAsserted(() -> assertThat(counts().connections()).isZero());
  }

  @Test
  void deviceThatConnectsAgain_endsItsFrozenSession() {
    start();
    freeze();
    connected(0);

    await().untilAsserted(() -> assertThat(loopback.sessions()).containsExactly("d0"));
    assertThat(counts().replacedSessions()).isOne();
    assertThat(counts().connections()).isOne();
  }

  @Test
  void peer_atTheAddressOfAFrozenSession_takesTheAddressAlone() {
    start();
    freeze();
    Loopback.Device other =
        loopback.new Device(impatientDevice(device(1)), relay.address()); // the same port
    other.echo("other").join();

    assertThat(device.echo("again").join().text()).isEqualTo("again"); // by its id
    assertThat(loopback.sessions()).containsExactlyInAnyOrder("d0", "d1");
    assertThat(counts().fullHandshakes()).isEqualTo(2);
  }

  @Test
  void sessionsWithoutRoom_goInTheOrderOfTheirUse() {
    start(Loopback.limited(withCredentials(), (ConnectionLimits limits) -> limits.withSessions(2)));
    connected(1);
    Freezing.all(connections());
    connected(2);

    await().untilAsserted(() -> assertThat(loopback.sessions()).hasSize(2).contains("d2"));
    assertThat(counts().displacedSessions()).isOne();
  }

  @Test
  void frozenSessions_areSaved() throws IOException {
    start();
    freeze();
    byte[] saved = loopback.stopAndSave();
    assertThat(connections().size()).isZero();
    loopback.startAnew(saved);

    assertThat(device.echo("second").join().text()).isEqualTo("second");
    assertThat(relay.numbers()).containsExactly(1L, 2L);
    assertThat(relay.clientHellos()).isEqualTo(2);
  }

  @Test
  void frozenSession_outlivesARestartOfTheConnector() throws IOException {
    start(
        new Loopback(
            withCredentials(),
            config -> config.setAddress(new InetSocketAddress("127.0.0.1", freePort()))));
    freeze();
    loopback.restart(() -> {});

    assertThat(device.echo("second").join().text()).isEqualTo("second");
    assertNoHandshakeButTheFirst();
  }

  @Test
  void connectionPutAside_outlivesARestartOfTheConnector() throws IOException {
    start(
        new Loopback(
            withCredentials(),
            config -> config.setAddress(new InetSocketAddress("127.0.0.1", freePort()))));
    Connection connection = connections().iterator().next();
    Freezing.forgetHello(connection);
    await().until(() -> !connection.hasOngoingHandshake());
    assertThat(connections().moves().putAside(connection)).isNotNull();
    loopback.restart(() -> {});

    assertThat(device.echo("second").join().text()).isEqualTo("second");
    assertNoHandshakeButTheFirst();
  }

  private static int freePort() {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private IdleConnection frozen() {
    freeze();
    IdleConnection frozen = (IdleConnection) connections().moves().all().get(0);
    assertThat(isWiped(frozen)).isFalse();
    return frozen;
  }

  private static boolean isWiped(IdleConnection frozen) {
    byte[] bytes = frozen.copyOfBytes();
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  @Test
  void bytes_ofASessionThatIsWoken_areWiped() {
    start();
    IdleConnection frozen = frozen();
    connections().get(frozen.id());

    assertThat(isWiped(frozen)).isTrue();
  }

  @Test
  void bytes_ofASessionThatIsReplaced_areWiped() {
    start();
    IdleConnection frozen = frozen();
    connected(0);

    await().until(() -> isWiped(frozen));
  }

  @Test
  void bytes_ofADestroyedServer_areWiped() {
    start();
    IdleConnection frozen = frozen();
    PskConnections connections = connections();
    loopback.server().destroy();

    assertThat(connections.size()).isZero();
    assertThat(isWiped(frozen)).isTrue();
  }

  @Test
  void threadsThatWakeAConnection_getTheSame() {
    start();
    UnaryOperator<Connection> byAddress = c -> connections().get(c.getPeerAddress());
    for (int round = 0; round < 100; round++) {
      Connection before = connections().iterator().next();
      ConnectionId id = freeze();
      CountDownLatch ready = new CountDownLatch(1);
      List<CompletableFuture<Connection>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            CompletableFuture.supplyAsync(
                () -> {
                  awaitLatch(ready);
                  return connections().get(id);
                }));
      }
      ready.countDown();
      Set<Connection> got = Collections.newSetFromMap(new IdentityHashMap<>());
      all.forEach(one -> got.add(one.join()));

      assertThat(got).hasSize(1).doesNotContainNull();
      assertThat(got.iterator().next())
          .isNotSameAs(before)
          .isSameAs(byAddress.apply(got.iterator().next()));
    }
    assertThat(device.echo("again").join().text()).isEqualTo("again");
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Without the time for which they are kept as they are, so that records are dropped, too. */
  @Test
  void numbers_whileConnectionsAreFrozenAndWokenAllTheTime_neverRepeat() throws Exception {
    start();
    connections().forEach(Freezing::forgetHello);
    ConnectionFreezer freezer = connections().freezer(0, Duration.ZERO, Duration.ZERO);
    ConnectionId id = connections().iterator().next().getConnectionId();
    CountDownLatch done = new CountDownLatch(1);
    Thread freezing =
        new Thread(
            () -> {
              while (done.getCount() > 0) {
                freezer.run();
              }
            });
    freezing.start();
    for (int i = 0; i < 100; i++) {
      await().until(() -> Freezing.isFrozen(connections(), id));
      for (int j = 0; j < 5; j++) {
        device.send("message " + i);
      }
    }
    await().until(() -> Freezing.isFrozen(connections(), id));
    done.countDown();
    freezing.join();
    device.echo("last").join();

    assertThat(relay.numbers()).hasSizeGreaterThan(10).doesNotHaveDuplicates().isSorted();
    assertNoHandshakeButTheFirst();
  }

  @Test
  void terminate_connectionsOfAPrincipal_wakesNoOthers() throws Exception {
    start();
    connected(1);
    connected(2);
    Freezing.all(loopback.store());

    loopback
        .server()
        .startTerminateConnectionsForPrincipal(
            peer -> ((PreSharedKeyIdentity) peer).getIdentity().equals("d1"))
        .get();

    assertThat(loopback.store().moves().size()).isEqualTo(2);
    assertThat(loopback.sessions()).containsExactlyInAnyOrder("d0", "d2");
  }
}
