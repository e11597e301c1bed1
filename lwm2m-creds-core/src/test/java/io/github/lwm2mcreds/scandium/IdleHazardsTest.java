// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.MdcConnectionListener;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may go on elsewhere while a connection becomes idle, and what is left of it. */
class IdleHazardsTest {
  private final SilentStore store = new SilentStore();
  private Loopback loopback;

  @BeforeEach
  void connect() {
    store.inner.put(credential("d0", "d0", 1));
    store.inner.put(credential("d1", "d1", 2));
    loopback = new Loopback(store);
    loopback.echoOf(impatientDevice(credential("d0", "d0", 1)));
    loopback.echoOf(impatientDevice(credential("d1", "d1", 2)));
    loopback.server().sweep().join(); // behind that of the start
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private PskConnections connections() {
    return loopback.store();
  }

  private IdleMoves moves() {
    return connections().moves();
  }

  private Connection quiet() {
    Connection connection = connections().iterator().next();
    Freezing.forgetHello(connection);
    await().until(() -> !connection.hasOngoingHandshake());
    return connection;
  }

  private Connection putAside() {
    Connection connection = quiet();
    assertThat(moves().putAside(connection)).isNotNull();
    return connection;
  }

  @Test
  void sweep_whoseLookupTakesLong_endsASessionThatWasFrozenMeanwhile() {
    store.inner.remove("d0");
    store.inner.remove("d1");
    store.onNextLookup.set(() -> Freezing.all(connections()));

    assertThat(loopback.server().sweep().join()).isEqualTo(2);
  }

  @Test
  void putAside_whileTheConnectionIsBusy_holdsUpNoOther() throws Exception {
    Connection connection = quiet();
    connection.getExecutor().shutdown(); // from now on, it runs what is forced with its lock held
    AtomicReference<Thread> asking = new AtomicReference<>();
    Thread other = new Thread(() -> moves().putAside(connection));
    AtomicBoolean isFree = new AtomicBoolean();
    connection.execute(
        () -> {
          other.start();
          await().until(() -> other.getState() == Thread.State.WAITING);
          asking.set(other);
          if (connections().writeLock().tryLock()) {
            isFree.set(true);
            connections().writeLock().unlock();
          }
        },
        true);
    other.join();

    assertThat(asking.get()).isNotNull();
    assertThat(isFree).isTrue();
  }

  @Test
  void stop_runsWhatWaitsForAConnectionThatWasPutAside() throws Exception {
    Connection connection = putAside();
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> done = new CompletableFuture<>();
    connection.execute(
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await(); // until it is interrupted
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    connection.execute(() -> done.complete(null), true);

    loopback.server().stop();

    assertThat(done).isDone();
  }

  @Test
  void keys_ofAConnectionPutAside_goWithTheServer() {
    Connection connection = putAside();
    DTLSContext context = connection.getEstablishedDtlsContext();
    DTLSSession session = context.getSession();
    assertThat(SecretUtil.isDestroyed(session)).isFalse();

    loopback.server().destroy();

    assertThat(SecretUtil.isDestroyed(session)).isTrue();
    assertThat(connection.getEstablishedDtlsContext()).as("nothing is sent without keys").isNull();
  }

  /** Keeps what it is given, and fails. */
  private static final class FullDisk extends OutputStream {
    final List<byte[]> given = new ArrayList<>();

    @Override
    public void write(int one) throws IOException {
      throw new IOException("full");
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      given.add(bytes);
      throw new IOException("full");
    }
  }

  @Test
  void save_thatFails_leavesNoKeysInWhatItWasToWrite() {
    Freezing.all(connections());
    FullDisk disk = new FullDisk();
    assertThatThrownBy(() -> connections().saveConnections(disk, Long.MAX_VALUE))
        .hasMessage("full");

    assertThat(disk.given).singleElement().satisfies(bytes -> assertThat(bytes).containsOnly(0));
    assertThat(connections().size()).isEqualTo(2);
  }

  @Test
  void snapshot_thatFails_leavesNoKeysInWhatItWasToWrite() {
    Freezing.all(connections());
    FullDisk disk = new FullDisk();
    assertThatThrownBy(() -> new SessionSnapshot(moves(), () -> false).write(disk))
        .hasMessage("full");

    assertThat(disk.given).singleElement().satisfies(bytes -> assertThat(bytes).containsOnly(0));
  }

  @Test
  void listener_thatMayKeepConnections_switchesFreezingOff() {
    assertThat(sessionsWith(new ConnectionListeners(List.of())).freezes()).isFalse();
    assertThat(sessionsWith(new MdcConnectionListener() {}).freezes()).isFalse();
    assertThat(sessionsWith(new MdcConnectionListener()).freezes()).isTrue();
    assertThat(sessionsWith(new HandshakeRefusalListener(store, refusal -> {})).freezes()).isTrue();
    assertThat(sessionsWith(null).freezes()).isTrue();
  }

  private PskSessions sessionsWith(ConnectionListener listener) {
    return PskSessions.of(
        LwM2mDtls.server(loopback.address(), new ScandiumPskStore(store))
            .setConnectionListener(listener)
            .build(),
        store);
  }
}
