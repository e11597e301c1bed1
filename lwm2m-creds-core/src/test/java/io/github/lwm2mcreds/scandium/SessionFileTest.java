// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.metrics.ServerMetrics;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.MdcConnectionListener;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that are kept in a file while their server does not run. */
class SessionFileTest {
  private final LoggedEvents logged = new LoggedEvents();
  private final SqliteStores stores = new SqliteStores();
  private final Path storeFile = stores.newFile();
  private final JdbcCredentialStore store = stores.opened(stores.describe(storeFile).create());
  private final Path file = stores.folder().resolve("sessions");
  private Loopback loopback;
  private Relay relay;
  private Loopback.Device device;

  @BeforeEach
  void connectADevice() {
    store.put(credential("a", "a", 1));
    loopback = Loopback.keeping(store, sessionFile(file));
    relay = new Relay(loopback.address());
    device = loopback.new Device(impatientDevice(credential("a", "a", 1)), relay.address());
    device.echo("first").join();
    assertThat(relay.clientHellos()).isEqualTo(2); // one without a cookie
  }

  @AfterEach
  void close() {
    loopback.close();
    relay.close();
    stores.close();
    logged.close();
  }

  /** Snapshots are saved when a test says so. */
  private SessionFile sessionFile(Path path) {
    return SessionFile.of(path, store).snapshotsEvery(Duration.ZERO);
  }

  private void assertGoesOn() {
    int before = relay.clientHellos();
    device.echo("goes on").join();
    assertThat(relay.clientHellos()).isEqualTo(before);
  }

  private void assertNeedsAHandshake() {
    assertThat(loopback.sessions()).isEmpty();
  }

  private String refusal() {
    List<String> lines = logged.of(Event.SESSIONS_NOT_LOADED);
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  private byte[] read() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void put(byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void restart_ofAServer_letsDevicesGoOnWithoutAClientHello() {
    loopback.startAnew();

    assertGoesOn();
    assertThat(logged.of(Event.SESSIONS_SAVED))
        .singleElement()
        .asString()
        .matches(
            "INFO sessions-saved reason=stopped file=.* sessions=1 bytes=[0-9]+ millis=[0-9]+");
    assertThat(logged.of(Event.SESSIONS_LOADED))
        .singleElement()
        .asString()
        .matches(
            "INFO sessions-loaded reason=stopped file=.* sessions=1 dropped=0 saved=.* millis=.*");
    assertThat(file).doesNotExist();
  }

  @Test
  void restart_ofAServer_usesTheNextNumbers() {
    device.echo("second").join();
    loopback.startAnew();
    device.echo("third").join();

    assertThat(relay.numbers()).containsExactly(1L, 2L, 3L); // after the Finished
  }

  @Test
  void restart_ofTheSameConnector_letsDevicesGoOn() throws IOException {
    loopback.startAnew(); // with a port that is set, which it keeps
    loopback.restart(() -> assertThat(file).exists());

    assertGoesOn();
  }

  @Test
  void restart_moreThanOnce_letsDevicesGoOn() {
    for (int i = 0; i < 3; i++) {
      loopback.startAnew();
      assertGoesOn();
    }
  }

  @Test
  void saved_isForItsOwnerAndHoldsNothingInClear() throws IOException {
    loopback.server().stop();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(new String(read(), StandardCharsets.ISO_8859_1))
        .startsWith("lwm2m-creds sessions")
        .doesNotContain("creds-", "127.0.0.1");
  }

  @Test
  void load_aSecondTime_isRefused() {
    loopback.server().stop();
    byte[] saved = read();
    loopback.startAnew();
    assertGoesOn();
    loopback.server().stop();
    put(saved);

    loopback.startAnew();

    assertThat(refusal()).contains("reason=used", "loaded already");
    assertNeedsAHandshake();
    assertThat(file).doesNotExist();
  }

  @Test
  void load_ofAnOlderCopy_isRefused() {
    loopback.saveSnapshot();
    byte[] older = read();
    loopback.server().stop();
    put(older);

    loopback.startAnew();

    assertThat(refusal()).contains("reason=older", "saved its sessions again, at ");
    assertNeedsAHandshake();
    assertThat(file).doesNotExist();
  }

  @Test
  void load_ofAnotherStore_isRefusedAndKeptAside() throws IOException {
    loopback.server().stop();
    byte[] saved = read();
    try (SqliteStores others = new SqliteStores()) {
      JdbcCredentialStore other = others.opened(others.describe(others.newFile()).create());
      other.put(credential("a", "a", 1));

      try (Loopback elsewhere = Loopback.keeping(other, SessionFile.of(file, other))) {
        assertThat(elsewhere.sessions()).isEmpty();
      }
    }

    assertThat(refusal()).contains("reason=other-store", "kept=" + file + ".refused");
    assertThat(Path.of(file + ".refused")).hasBinaryContent(saved);
    put(saved);
    loopback.startAnew();
    assertGoesOn();
  }

  @Test
  void load_whenAnOlderStateOfTheStoreWasRestored_isRefused() {
    loopback.server().stop();
    SqliteStores.sql(storeFile, "DELETE FROM lwm2m_creds_sessions");

    loopback.startAnew();

    assertThat(refusal()).contains("reason=other-store", "a restored backup has undone");
    assertNeedsAHandshake();
  }

  @Test
  void load_whenTheHistoryIsAnother_isRefused() {
    store.put(credential("b", "b", 2));
    loopback.server().stop();
    SqliteStores.sql(
        storeFile,
        "UPDATE lwm2m_creds_audit SET hash = zeroblob(32) WHERE number = 2",
        "UPDATE lwm2m_creds_state SET last_hash = zeroblob(32)");

    loopback.startAnew();

    assertThat(refusal()).contains("reason=other-store");
    assertNeedsAHandshake();
  }

  @Test
  void load_afterTheStoreWasResealed_isRefused() {
    loopback.server().stop();
    store.reseal(done -> {});
    JdbcCredentialStore reopened = stores.opened(stores.describe(storeFile).open());

    try (Loopback next = Loopback.keeping(reopened, SessionFile.of(file, reopened))) {
      assertThat(next.sessions()).isEmpty();
    }

    assertThat(refusal()).contains("reason=other-store", "was resealed since");
  }

  @Test
  void load_ofAnAlteredFile_isRefusedAndTakesNothing() {
    loopback.server().stop();
    byte[] saved = read();
    try (LoggedEvents own = new LoggedEvents()) {
      for (int at = 0; at < saved.length; at += at < 180 ? 3 : 41) {
        byte[] altered = saved.clone();
        altered[at] ^= 1;
        put(altered);
        loopback.startAnew();
        assertThat(loopback.sessions()).as("altered at " + at).isEmpty();
        loopback.server().stop();
      }
      assertThat(own.of(Event.SESSIONS_NOT_LOADED))
          .isNotEmpty()
          .noneMatch(line -> line.contains("reason=used") || line.contains("reason=file-failed"));
      assertThat(own.of(Event.SESSIONS_LOADED)).isEmpty();
    }

    put(saved);
    loopback.startAnew();
    assertGoesOn();
  }

  @Test
  void load_ofATruncatedFile_isRefusedAndTakesNothing() {
    loopback.server().stop();
    byte[] saved = read();
    try (LoggedEvents own = new LoggedEvents()) {
      for (int length = 0; length < saved.length; length += 23) {
        put(Arrays.copyOf(saved, length));
        loopback.startAnew();
        assertThat(loopback.sessions()).as("cut to " + length).isEmpty();
        loopback.server().stop();
      }
      assertThat(own.of(Event.SESSIONS_LOADED)).isEmpty();
      assertThat(own.of(Event.SESSIONS_NOT_LOADED))
          .allMatch(
              line -> line.contains("reason=damaged") || line.contains("reason=not-sessions"));
    }

    put(saved);
    loopback.startAnew();
    assertGoesOn();
  }

  @Test
  void load_whenTheDeviceWasRevokedMeanwhile_dropsItsSession() {
    loopback.server().stop();
    store.revoke("a", "stolen");

    loopback.startAnew();

    assertThat(logged.of(Event.SESSIONS_LOADED).get(0)).contains("sessions=0 dropped=1");
    assertNeedsAHandshake();
  }

  @Test
  void load_whenTheDevicesKeyWasReplacedMeanwhile_dropsItsSession() {
    loopback.server().stop();
    store.put(credential("a", "a", 2));

    loopback.startAnew();

    assertThat(logged.of(Event.SESSIONS_LOADED).get(0)).contains("sessions=0 dropped=1");
    assertNeedsAHandshake();
  }

  @Test
  void load_ofASnapshotByAnother_endsTheFilesOfTheFirst() {
    loopback.saveSnapshot();
    Path copy = stores.folder().resolve("copy");
    try {
      Files.copy(file, copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (Loopback other = Loopback.keeping(store, sessionFile(copy))) {
      assertThat(other.sessions()).containsExactly("a");

      loopback.saveSnapshot();

      assertThat(logged.of(Event.SESSIONS_NOT_SAVED))
          .singleElement()
          .asString()
          .contains("reason=taken");
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void start_ofASecondServerWithTheSameFile_failsAndTakesNothing() {
    loopback.saveSnapshot();
    byte[] saved = read();

    assertThatThrownBy(() -> Loopback.keeping(store, sessionFile(file)))
        .hasStackTraceContaining("another server that runs keeps its sessions in " + file);

    assertThat(file).hasBinaryContent(saved);
    loopback.startAnew();
    assertGoesOn();
  }

  @Test
  void start_thatFails_keepsTheSessions() throws IOException {
    loopback.server().stop();
    try (DatagramSocket taken = new DatagramSocket(loopback.address())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(loopback::startAnew).hasStackTraceContaining("BindException");
    }
    assertThat(file).exists();

    loopback.startAnew();
    assertGoesOn();
  }

  private void takeTableAway() {
    SqliteStores.sql(storeFile, "ALTER TABLE lwm2m_creds_sessions RENAME TO away");
  }

  private void putTableBack() {
    SqliteStores.sql(storeFile, "ALTER TABLE away RENAME TO lwm2m_creds_sessions");
  }

  @Test
  void save_whichTheStoreCannotRecord_isReportedAndCanBeLoaded() {
    takeTableAway();
    loopback.server().stop();
    putTableBack();

    assertThat(logged.of(Event.SESSIONS_NOT_SAVED))
        .singleElement()
        .asString()
        .contains("reason=not-recorded");
    loopback.startAnew();
    assertGoesOn();
  }

  @Test
  void start_whileTheStoreCannotBeAsked_failsAndTakesNothing() {
    loopback.server().stop();
    byte[] saved = read();
    takeTableAway();

    assertThatThrownBy(loopback::startAnew)
        .hasStackTraceContaining("the sessions in " + file + " cannot be loaded");

    assertThat(file).hasBinaryContent(saved);
    putTableBack();
    loopback.startAnew();
    assertGoesOn();
  }

  @Test
  void save_inAFolderThatIsGone_isReportedAndTheServerStops() throws IOException {
    Path folder = Files.createDirectory(stores.folder().resolve("folder"));
    try (Loopback other = Loopback.keeping(store, sessionFile(folder.resolve("sessions")))) {
      Files.delete(folder.resolve("sessions.lock"));
      Files.delete(folder);

      other.server().stop();
    }

    assertThat(logged.of(Event.SESSIONS_NOT_SAVED))
        .singleElement()
        .asString()
        .contains("reason=file-failed", "NoSuchFileException");
  }

  @Test
  void snapshot_ofASessionInUse_goesOnFarBehind() throws IOException {
    loopback.saveSnapshot();
    assertThat(isSnapshot()).isTrue();
    byte[] sessions = readSessions();
    device.echo("after the snapshot").join();
    long last = relay.numbers().get(relay.numbers().size() - 1);

    loopback.startAnewFromSnapshot(sessions);

    assertGoesOn();
    List<Long> numbers = relay.numbers();
    assertThat(numbers.get(numbers.size() - 1))
        .isGreaterThan(last)
        .isEqualTo(SequenceNumbers.RESERVED + 2); // after the Finished and the first echo
    assertThat(numbers).doesNotHaveDuplicates();
  }

  @Test
  void snapshot_ofAFrozenSession_goesOnFarBehind() throws IOException {
    Freezing.all(loopback.store());
    loopback.saveSnapshot();
    assertThat(loopback.store().moves().size()).as("none is woken for it").isOne();
    byte[] sessions = readSessions();

    loopback.startAnewFromSnapshot(sessions);

    assertGoesOn();
    assertThat(relay.numbers()).containsExactly(1L, SequenceNumbers.RESERVED + 2L);
  }

  @Test
  void load_ofASession_keepsItAsItsBytesUntilTheDeviceSends() {
    loopback.startAnew();
    assertThat(loopback.store().moves().size()).isOne();

    assertGoesOn();
    assertThat(loopback.store().moves().size()).isZero();
    assertThat(loopback.sessions()).hasSize(1);
  }

  @Test
  void load_ofASessionThatNobodyHasUsed_canBeSavedAgain() {
    loopback.startAnew();
    loopback.startAnew();
    assertThat(loopback.store().moves().size()).isOne();

    assertGoesOn();
    assertThat(relay.numbers()).containsExactly(1L, 2L);
  }

  @Test
  void load_ofASessionThatIsRevokedBeforeItIsUsed_isEnded() {
    loopback.startAnew();
    store.revoke("a", "stolen");

    await().untilAsserted(() -> assertThat(loopback.store().size()).isZero());
  }

  /** Starts another server, with one device, as this test's is. */
  private void beginAnew(Consumer<DtlsConnectorConfig.Builder> customizer) {
    loopback.close();
    relay.close();
    loopback = Loopback.keeping(store, sessionFile(file), customizer);
    relay = new Relay(loopback.address());
    device = loopback.new Device(impatientDevice(credential("a", "a", 1)), relay.address());
    device.echo("first").join();
  }

  @Test
  void load_whereTheApplicationAddsInformation_hasItWhenTheDeviceSends() {
    beginAnew(
        config ->
            config.setApplicationLevelInfoSupplier(
                (peer, argument) -> AdditionalInfo.from(Map.of("tenant", "t1"))));

    loopback.startAnew();

    assertThat(loopback.store().moves().size()).isOne();
    PreSharedKeyIdentity peer =
        (PreSharedKeyIdentity) device.echo("second").join().server().getPeerIdentity();
    assertThat(peer.getExtendedInfo().get("tenant", String.class)).isEqualTo("t1");
    assertThat(loopback.server().sweep().join()).as("it knows its key").isZero();
  }

  @Test
  void load_whereAListenerMayKnowConnections_keepsThemAsTheyAre() {
    beginAnew(config -> config.setConnectionListener(new MdcConnectionListener() {}));

    loopback.startAnew();

    assertThat(loopback.store().moves().size()).isZero();
    assertGoesOn();
  }

  @Test
  void load_ofMoreThanThereMayBe_keepsThoseThatWereUsedLast() {
    store.put(credential("b", "b", 2));
    loopback.echoOf(impatientDevice(credential("b", "b", 2)));
    device.echo("later than b").join();
    loopback.close();

    try (Loopback smaller =
        Loopback.keeping(
            store, sessionFile(file), config -> {}, limits -> limits.withSessions(1))) {
      assertThat(smaller.sessions()).containsExactly("a");
    }
  }

  @Test
  void stop_whileAnApplicationSends_savesWithNumbersReserved() throws Exception {
    EndpointContext peer = device.echo("again").join().server();
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    RawData message =
        RawData.outbound(
            new byte[1],
            peer,
            new OnSent(
                () -> {
                  sending.countDown();
                  awaitLatch(stopped);
                }),
            false);
    Thread application = new Thread(() -> loopback.server().send(message));
    application.start();
    awaitLatch(sending);

    loopback.server().stop();

    stopped.countDown();
    application.join();
    assertThat(isSnapshot()).isTrue();
  }

  @Test
  void stop_afterAThreadFailedToReceive_savesThemAsTheyAre() throws IOException {
    Path path = stores.folder().resolve("others");
    PskSessions sessions =
        PskSessions.of(
                LwM2mDtls.server(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new ScandiumPskStore(store))
                    .build(),
                store)
            .keptIn(sessionFile(path));
    PskServerConnector server = new PskServerConnector(sessions);
    assertThatThrownBy(() -> sessions.receive(() -> {})) // before the start
        .isInstanceOf(NullPointerException.class);
    server.start();

    server.stop();

    server.destroy();
    assertThat(isSnapshot(path)).isFalse();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isSnapshot() throws IOException {
    return isSnapshot(file);
  }

  private boolean isSnapshot(Path path) throws IOException {
    try (SessionFileReader reader =
        new SessionFileReader(path, store.sessionLedger().orElseThrow())) {
      return reader.header().isSnapshot();
    }
  }

  private byte[] readSessions() throws IOException {
    try (SessionFileReader reader =
            new SessionFileReader(file, store.sessionLedger().orElseThrow());
        var in = reader.sessions()) {
      return in.readAllBytes();
    }
  }

  @Test
  void snapshot_ofManySessions_hasThemAllInOrder() {
    for (int i = 0; i < 300; i++) {
      store.put(credential("d" + i, PskIdentity.of("d" + i), 100 + i));
    }
    for (int i = 0; i < 300; i++) {
      loopback.echoOf(impatientDevice(credential("d" + i, "d" + i, 100 + i)));
    }

    loopback.saveSnapshot();

    assertThat(logged.of(Event.SESSIONS_SAVED).get(0)).contains("reason=snapshot", "sessions=301");
  }

  @Test
  void of_aStoreInMemory_isRefused() {
    assertThatThrownBy(() -> SessionFile.of(file, new InMemoryCredentialStore()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("have no sealing key: InMemoryCredentialStore");
  }

  @Test
  void meters_tellOfTheLastSaving_andOfWhatWasLoaded() {
    loopback.startAnew();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ServerMetrics(loopback.server().counts()).bindTo(registry);
    String saved = "lwm2m.creds.sessions.saved";
    String saves = "lwm2m.creds.sessions.saves";
    String loaded = "lwm2m.creds.sessions.loaded";

    assertThat(registry.get(saved).gauge().value()).as("before the first").isNaN();
    assertThat(count(registry, loaded, "restored")).isOne();
    assertThat(count(registry, loaded, "dropped")).isZero();

    loopback.saveSnapshot();
    assertThat(registry.get(saved).gauge().value()).isOne();
    assertThat(registry.get(saved + ".size").gauge().value()).isEqualTo(read().length);
    assertThat(registry.get(saved + ".time").gauge().value()).isPositive();
    assertThat(registry.get(saved + ".age").gauge().value()).isBetween(0.0, 300.0);
    assertThat(count(registry, saves, "saved")).isOne();
    assertThat(count(registry, saves, "failed")).isZero();
  }

  @Test
  void meters_tellOfWhatWasRefused_andNotSaved() throws IOException {
    loopback.server().stop();
    put(new byte[200]);
    loopback.startAnew();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ServerMetrics(loopback.server().counts()).bindTo(registry);
    assertThat(registry.get("lwm2m.creds.sessions.files.refused").functionCounter().count())
        .isOne();

    Files.createDirectories(file.resolve("in-the-way"));
    loopback.saveSnapshot();

    assertThat(count(registry, "lwm2m.creds.sessions.saves", "failed")).isOne();
    assertThat(count(registry, "lwm2m.creds.sessions.saves", "saved")).isZero();
  }

  @Test
  void meters_ofAServerWithoutAFile_haveNoneOfThese() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Loopback other = new Loopback(store)) {
      new ServerMetrics(other.server().counts()).bindTo(registry);
    }

    assertThat(registry.find("lwm2m.creds.connections").gauge()).isNotNull();
    assertThat(registry.find("lwm2m.creds.sessions.saves").functionCounter()).isNull();
  }

  private static double count(SimpleMeterRegistry registry, String name, String outcome) {
    return registry.get(name).tag("outcome", outcome).functionCounter().count();
  }
}
