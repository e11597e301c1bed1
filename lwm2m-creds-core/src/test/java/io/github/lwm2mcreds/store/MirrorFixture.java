package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A mirror, and another process that shares its store. */
abstract class MirrorFixture {
  static final PskIdentity I = PskIdentity.of("i");

  final SqliteStores stores = new SqliteStores();
  final Path file = stores.newFile();
  final TestClock clock = new TestClock();
  final List<RetiredCredential> told = new CopyOnWriteArrayList<>();
  final List<String> observed = new CopyOnWriteArrayList<>();
  JdbcCredentialStore other;
  FaultyDataSource dataSource;
  MirroredCredentialStore mirror;

  @BeforeEach
  void makeStores() {
    other = stores.opened(stores.describe(file).clock(clock).create());
    other.put(credential("a", "i", 1));
    dataSource = new FaultyDataSource(file);
    mirror = mirror(JdbcCredentialStore.dataSource(dataSource));
  }

  MirroredCredentialStore mirror(JdbcStoreBuilder store) {
    MirroredCredentialStore made =
        stores.opened(
            MirroredCredentialStore.builder(
                    store.keyWrapper(stores.keyWrapper()).clock(clock).open())
                .interval(Duration.ofMillis(1))
                .observer(new Observer())
                .build());
    made.addListener(told::add);
    return made;
  }

  private final class Observer implements MirrorObserver {
    @Override
    public void lost(CredentialStoreException failure) {
      observed.add("lost: " + failure.reason());
    }

    @Override
    public void resumed() {
      observed.add("resumed");
    }
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  static void eventually(ThrowingRunnable assertion) {
    await()
        .dontCatchUncaughtExceptions()
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(assertion);
  }

  /** All that was told, once nothing else can come: what is done last is told last. */
  List<RetiredCredential> toldByNow() {
    other.put(credential("last", 1));
    other.remove("last");
    RetiredCredential last = new RetiredCredential("last", PskIdentity.of("last"), Cause.REMOVED);
    eventually(() -> assertThat(told).contains(last));
    assertThat(told).last().isEqualTo(last);
    return told.subList(0, told.size() - 1);
  }
}
