// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RefusedCredentialException;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.ImportCounts;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ImportOutcome;
import io.github.lwm2mcreds.store.ImportedRow;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.TestClock;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports of any size into a database, with other stores and mirrors at work on it. */
@ParameterizedClass
@EnumSource
class ImportTest {
  /** The databases. */
  enum Kind {
    SQLITE,
    POSTGRESQL
  }

  @Parameter private Kind kind;

  private final SqliteStores files = new SqliteStores();
  private final PostgresStores schemas = new PostgresStores();
  private final TestClock clock = new TestClock();
  private final List<RetiredCredential> told = new CopyOnWriteArrayList<>();
  private final List<ImportedRow> rows = new ArrayList<>();
  private Supplier<JdbcStoreBuilder> description;
  private JdbcCredentialStore store;

  @BeforeEach
  void makeStore() {
    description = newDatabase();
    store = files.opened(description.get().create());
    store.addListener(told::add);
  }

  private Supplier<JdbcStoreBuilder> newDatabase() {
    if (kind == Kind.SQLITE) {
      var file = files.newFile();
      return () -> files.describe(file, clock);
    }
    String url = PostgresStores.newUrl();
    return () -> PostgresStores.describe(url).clock(clock);
  }

  private JdbcCredentialStore other() {
    return files.opened(description.get().open());
  }

  @AfterEach
  void closeStores() {
    assertSound(store);
    files.close();
    schemas.close();
  }

  private static void assertSound(JdbcCredentialStore store) {
    List<StoreFinding> findings = new ArrayList<>();
    store.check(findings::add, done -> {});
    assertThat(findings).isEmpty();
  }

  private ImportCounts importInto(JdbcCredentialStore into, List<DeviceCredential> credentials) {
    rows.clear();
    return into.importAll(credentials.iterator(), ImportOptions.adding().onRow(rows::add));
  }

  private List<ImportOutcome> outcomes() {
    return rows.stream().map(ImportedRow::outcome).toList();
  }

  private static List<DeviceCredential> devices(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n -> credential("device-" + n, "identity-" + n, n))
        .toList();
  }

  @Test
  void importAll_severalBatches_addsEachOnceInOrderAndMirrorsFollow() {
    MirroredCredentialStore mirror = files.opened(MirroredCredentialStore.of(other()));
    List<Long> progress = new ArrayList<>();
    List<DeviceCredential> credentials = devices(0, 23_456);

    ImportCounts counts =
        store.importAll(
            credentials.iterator(),
            ImportOptions.adding().onRow(rows::add).onProgress(c -> progress.add(c.rows())));

    assertThat(counts.of(ImportOutcome.ADDED)).isEqualTo(23_456);
    assertThat(counts.refused()).isZero();
    assertThat(progress).containsExactly(10_000L, 20_000L, 23_456L);
    assertThat(rows).extracting(ImportedRow::number).isSorted().hasSize(23_456);
    assertThat(credentials).allMatch(DeviceCredential::isDestroyed);
    try (Stream<AuditEntry> log = store.audit(0)) {
      assertThat(log.map(AuditEntry::endpoint))
          .containsExactlyElementsOf(credentials.stream().map(DeviceCredential::endpoint).toList());
    }
    await().untilAsserted(() -> assertThat(mirror.size()).isEqualTo(23_456));
    assertThat(mirror.findByEndpoint("device-12345"))
        .contains(credential("device-12345", "identity-12345", 12345));
    assertThat(told).isEmpty();
  }

  @Test
  void importAll_again_changesNothing() {
    importInto(store, devices(0, 12_000));
    List<?> before = listed(store);

    ImportCounts counts = importInto(store, devices(0, 12_000));

    assertThat(counts.of(ImportOutcome.UNCHANGED)).isEqualTo(12_000).isEqualTo(counts.rows());
    assertThat(listed(store)).isEqualTo(before);
    assertThat(store.audit(0)).hasSize(12_000);
  }

  /** Whatever way the others of its batch, and of the next ones, go into the database. */
  @Test
  void importAll_oneOfManyIsThere_addsAllOthers() {
    store.put(credential("device-4321", "identity-8765", 1));

    ImportCounts counts = importInto(store, devices(0, 30_123));

    assertThat(counts.of(ImportOutcome.ADDED)).isEqualTo(30_121);
    assertThat(counts.of(ImportOutcome.CHANGED)).isOne();
    assertThat(counts.of(ImportOutcome.CONFLICTING)).isOne();
    assertThat(outcomes().get(4_321)).isEqualTo(ImportOutcome.CHANGED);
    assertThat(outcomes().get(8_765)).isEqualTo(ImportOutcome.CONFLICTING);
    assertThat(store.size()).isEqualTo(30_122);
    assertThat(store.findByEndpoint("device-30122"))
        .contains(credential("device-30122", "identity-30122", 30_122));
  }

  @Test
  void importAll_badOnesInBetween_takesTheOthersAndTellsWhy() {
    store.put(credential("changed", 1));
    store.put(credential("owner", "taken", 2));
    store.put(credential("gone", "gone-id", 3));
    store.revoke("gone", "stolen");
    List<DeviceCredential> all = new ArrayList<>(devices(0, 3));
    all.add(1, credential("changed", 9));
    all.add(2, credential("thief", "taken", 9));
    all.add(3, credential("gone", 9));
    all.add(4, credential("heir", "gone-id", 9));
    all.add(5, DeviceCredential.of("weak", PreSharedKey.copyOf(new byte[16])));
    all.add(6, credential("changed", 1));

    ImportCounts counts = importInto(store, all);

    assertThat(outcomes())
        .containsExactly(
            ImportOutcome.ADDED,
            ImportOutcome.CHANGED,
            ImportOutcome.CONFLICTING,
            ImportOutcome.REVOKED,
            ImportOutcome.REVOKED,
            ImportOutcome.WEAK,
            ImportOutcome.UNCHANGED,
            ImportOutcome.ADDED,
            ImportOutcome.ADDED);
    assertThat(rows.subList(1, 6))
        .extracting(row -> row.refusal().orElseThrow().getClass().getSimpleName())
        .containsExactly(
            EndpointInUseException.class.getSimpleName(),
            DuplicatePskIdentityException.class.getSimpleName(),
            RevokedCredentialException.class.getSimpleName(),
            RevokedCredentialException.class.getSimpleName(),
            WeakKeyException.class.getSimpleName());
    assertThat(counts.refused()).isEqualTo(5);
    assertThat(rows.get(3)).hasToString("4 'gone' REVOKED: " + refusal(3).getMessage());
    assertThat(store.findByEndpoint("changed")).contains(credential("changed", 1));
    assertThat(store.size()).isEqualTo(5);
  }

  private RefusedCredentialException refusal(int index) {
    return rows.get(index).refusal().orElseThrow();
  }

  @Test
  void importAll_replacing_replacesAndTellsListeners() {
    store.put(credential("a", "i", 1));

    ImportCounts counts =
        store.importAll(
            List.of(credential("a", "j", 2), credential("b", "i", 3)).iterator(),
            ImportOptions.adding().replacing());

    assertThat(counts.of(ImportOutcome.REPLACED)).isOne();
    assertThat(counts.of(ImportOutcome.ADDED)).isOne();
    assertThat(store.findByEndpoint("a")).contains(credential("a", "j", 2));
    assertThat(store.findByEndpoint("b")).contains(credential("b", "i", 3));
    assertThat(told)
        .containsExactly(new RetiredCredential("a", PskIdentity.of("i"), Cause.REPLACED));
  }

  @Test
  void importAll_ofARotatingEndpoint_finishesWhatIsDueFirst() {
    store.put(credential("a", "old", 1));
    store.rotate(credential("a", "new", 2), clock.instant().plusSeconds(60));
    clock.advance(Duration.ofSeconds(61));

    importInto(store, List.of(credential("a", "new", 2), credential("b", "old", 3)));

    assertThat(outcomes()).containsExactly(ImportOutcome.UNCHANGED, ImportOutcome.REVOKED);
  }

  @Test
  void importAll_dryRun_foreseesAllAndChangesNothing() {
    store.put(credential("device-1", 99));
    store.put(credential("rotating", "old", 1));
    store.rotate(credential("rotating", "new", 2), clock.instant().plusSeconds(60));
    clock.advance(Duration.ofSeconds(61));
    long logged = store.checkpoint().number();
    List<DeviceCredential> all = new ArrayList<>(devices(0, 3));
    all.add(credential("device-2", "x", 5));
    all.add(credential("rotating", "new", 2));

    ImportCounts counts =
        store.importAll(all.iterator(), ImportOptions.adding().dryRun().onRow(rows::add));

    assertThat(outcomes())
        .containsExactly(
            ImportOutcome.ADDED,
            ImportOutcome.CHANGED,
            ImportOutcome.ADDED,
            ImportOutcome.CHANGED,
            ImportOutcome.UNCHANGED);
    assertThat(counts.rows()).isEqualTo(5);
    assertThat(all).allMatch(DeviceCredential::isDestroyed);
    assertThat(store.checkpoint().number()).isEqualTo(logged);
    assertThat(store.size()).isEqualTo(2);
  }

  /** Few names, so that all kinds of rows meet in a batch. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void importAll_ofAnything_isAsOneAfterTheOther(long seed) {
    JdbcCredentialStore single = files.opened(newDatabase().get().create());
    boolean replacing = seed % 2 == 0;
    ImportOptions options = ImportOptions.adding();
    prepare(store);
    prepare(single);
    List<DeviceCredential> all = random(new Random(seed));

    ImportCounts counts =
        store.importAll(
            random(new Random(seed)).iterator(),
            (replacing ? options.replacing() : options).onRow(rows::add));

    List<ImportedRow> expected = new ArrayList<>();
    Function<DeviceCredential, PutOutcome> put = replacing ? single::put : single::add;
    for (DeviceCredential credential : all) {
      expected.add(oneByOne(expected.size() + 1, credential, put));
    }
    assertThat(outcomes()).isEqualTo(expected.stream().map(ImportedRow::outcome).toList());
    assertThat(counts).isEqualTo(ImportCounts.NONE.plus(expected));
    assertThat(listed(store)).isEqualTo(listed(single));
    assertSound(single);
    assertThat(logged(store)).containsExactlyInAnyOrderElementsOf(logged(single));
  }

  private static void prepare(JdbcCredentialStore empty) {
    for (int n = 0; n < 40; n += 4) {
      empty.put(credential("e" + n, "i" + n, n));
    }
    empty.revoke("e8", "");
    empty.revoke("e12", "");
  }

  private static List<DeviceCredential> random(Random random) {
    List<DeviceCredential> all = new ArrayList<>();
    for (int n = 0; n < 400; n++) {
      int endpoint = random.nextInt(80);
      int identity = random.nextInt(3) == 0 ? random.nextInt(80) : endpoint;
      int key = random.nextInt(5) == 0 ? endpoint + 1 : endpoint;
      all.add(
          random.nextInt(20) == 0
              ? DeviceCredential.of("e" + endpoint, PreSharedKey.copyOf(new byte[16]))
              : credential("e" + endpoint, "i" + identity, key));
    }
    return all;
  }

  private static ImportedRow oneByOne(
      long number, DeviceCredential credential, Function<DeviceCredential, PutOutcome> put) {
    try {
      return ImportedRow.of(number, credential, put.apply(credential));
    } catch (RefusedCredentialException e) {
      return ImportedRow.of(number, credential, e);
    }
  }

  private static List<String> logged(JdbcCredentialStore store) {
    try (Stream<AuditEntry> log = store.audit(0)) {
      return log.map(e -> e.action() + " " + e.endpoint() + " " + e.pskIdentity() + e.checkValue())
          .toList();
    }
  }

  @Test
  void importAll_inputThatFails_keepsWholeBatchesAndGoesOnWhenRunAgain() {
    List<DeviceCredential> all = devices(0, 15_000);
    Iterator<DeviceCredential> failing =
        Stream.concat(
                all.stream(),
                Stream.generate(
                    () -> {
                      throw new IllegalStateException("torn");
                    }))
            .map(DeviceCredential.class::cast)
            .iterator();

    List<ImportedRow> told = new ArrayList<>();
    assertThatThrownBy(() -> store.importAll(failing, ImportOptions.adding().onRow(told::add)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("torn");

    assertThat(store.size()).isEqualTo(10_000);
    assertThat(told).hasSize(10_000);
    assertThat(all).allMatch(DeviceCredential::isDestroyed);
    ImportCounts counts = importInto(store, devices(0, 15_000));
    assertThat(counts.of(ImportOutcome.UNCHANGED)).isEqualTo(10_000);
    assertThat(counts.of(ImportOutcome.ADDED)).isEqualTo(5_000);
  }

  @Test
  void importAll_callbackThatThrows_endsTheImportAndLeavesNothingUnderWay() {
    assertThatThrownBy(
            () ->
                store.importAll(
                    devices(0, 35_000).iterator(),
                    ImportOptions.adding()
                        .onProgress(
                            counts -> {
                              throw new IllegalStateException("enough");
                            })))
        .hasMessage("enough");

    assertThat(store.size()).isEqualTo(20_000);
  }

  @Test
  void importAll_sealingKeyReplacedByAnother_sealsWithTheNewOne() {
    importInto(store, devices(0, 10));
    other().reseal(done -> {});

    importInto(store, devices(10, 20));

    assertThat(outcomes()).containsOnly(ImportOutcome.ADDED).hasSize(10);
    assertThat(other().findByEndpoint("device-15"))
        .contains(credential("device-15", "identity-15", 15));
  }

  @Test
  void importAll_closedStore_saysSo() {
    JdbcCredentialStore closed = description.get().open();
    closed.close();

    StoreFailures.assertFails(
        Reason.CLOSED, () -> closed.importAll(devices(0, 1).iterator(), ImportOptions.adding()));
  }

  @Test
  void importAll_throughAMirror_hasAllWhenItReturns() {
    MirroredCredentialStore mirror =
        files.opened(
            MirroredCredentialStore.builder(other()).interval(Duration.ofHours(1)).build());
    mirror.addListener(told::add);
    mirror.put(credential("device-1", 77));

    ImportCounts counts =
        mirror.importAll(devices(0, 6_000).iterator(), ImportOptions.adding().replacing());

    assertThat(counts.of(ImportOutcome.REPLACED)).isOne();
    assertThat(mirror.size()).isEqualTo(6_000);
    // The mirror's own thread may have seen the change first, and tells of it then.
    await()
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly(
                        new RetiredCredential(
                            "device-1", PskIdentity.of("device-1"), Cause.REPLACED)));
  }

  @Test
  void importAll_whileOthersChangeTheStore_losesNothing() {
    JdbcCredentialStore other = other();
    Thread writer =
        new Thread(
            () ->
                IntStream.range(0, 50)
                    .forEach(n -> other.put(credential("other-" + n, "other-" + n, n))));
    writer.start();

    importInto(store, devices(0, 20_000));

    await().until(() -> !writer.isAlive());
    assertThat(store.size()).isEqualTo(20_050);
    try (Stream<AuditEntry> log = store.audit(0)) {
      assertThat(log.filter(e -> e.action() == Action.ADDED)).hasSize(20_050);
    }
  }
}
