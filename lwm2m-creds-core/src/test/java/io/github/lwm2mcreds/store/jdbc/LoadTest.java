// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.StoreEngine.Snapshot;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store in SQLite is loaded as it stands at one moment, and checked at the same one. */
class LoadTest {
  private static final int DEVICES = 2500;

  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private JdbcCredentialStore store;
  private JdbcCredentialStore other;

  @BeforeEach
  void makeStores() {
    store = stores.opened(stores.describe(file).create());
    other = stores.opened(stores.describe(file).open());
    store.putAll(IntStream.range(0, DEVICES).mapToObj(n -> credential("device-" + n, n)).toList());
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void load_othersWriteMeanwhile_isOfOneMoment() {
    Position before = position();
    Set<String> loaded = new HashSet<>();

    Snapshot snapshot =
        store.load(
            Optional.empty(),
            row -> {
              if (loaded.isEmpty()) {
                other.put(credential("newcomer", 5));
                other.remove("device-2400");
              }
              loaded.add(row.endpoint());
            });

    assertThat(loaded).hasSize(DEVICES).contains("device-2400").doesNotContain("newcomer");
    assertThat(snapshot.position()).isEqualTo(before);
    assertThat(position().number()).isEqualTo(before.number() + 2);
  }

  private Position position() {
    return other.database().read(session -> new StateTable(session).end());
  }

  @Test
  void isSameMoment_nobodyWrites_yes() {
    assertThat(isSameMoment(() -> {})).isTrue();
  }

  @Test
  void isSameMoment_othersWrite_no() {
    assertThat(isSameMoment(() -> other.put(credential("newcomer", 5)))).isFalse();
  }

  /** Whether a second session sees what a first one does that reads while others act. */
  private boolean isSameMoment(Runnable others) {
    return store
        .database()
        .snapshot(
            session -> {
              JdbcSession second = store.database().takeAnother();
              try {
                return CheckAlongside.isSameMoment(
                    second,
                    () -> {
                      others.run();
                      return new StateTable(session).end();
                    });
              } finally {
                second.transactions().rollback();
                store.database().end(second, true);
              }
            });
  }

  /** The check finds what is wrong, though all rows can be read. */
  @Test
  void load_damageThatReadingDoesNotMeet_isRefused() {
    SqliteStores.sql(file, "DELETE FROM lwm2m_creds_audit WHERE number > 3");

    assertThatThrownBy(() -> store.load(Optional.empty(), row -> {}))
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
        .hasMessageContaining("log entries: there should be");
  }

  /** What is wrong with a store says more than what its reader runs into. */
  @Test
  void load_checkAndReadingFail_checkIsTold() {
    SqliteStores.sql(
        file,
        "UPDATE lwm2m_creds_credential SET role = 9 WHERE endpoint = CAST('device-5' AS BLOB)");

    assertThatThrownBy(() -> store.load(Optional.empty(), row -> {}))
        .hasMessageContaining("credentials: there should be 2500, and there are 2499");
  }

  @Test
  void load_readerFails_failureIsThrownAndStoreGoesOn() {
    IllegalStateException failure = new IllegalStateException("no more");

    assertThatThrownBy(
            () ->
                store.load(
                    Optional.empty(),
                    row -> {
                      throw failure;
                    }))
        .isSameAs(failure);

    assertThat(load()).hasSize(DEVICES);
  }

  @Test
  void requireDone_interruptedThread_waitsAndStaysInterrupted() throws SQLException {
    Thread waiting = Thread.currentThread();
    FutureTask<Void> check =
        new FutureTask<>(() -> await().until(() -> !waiting.isInterrupted()), null);
    waiting.interrupt();
    new Thread(check).start();

    CheckAlongside.requireDone(check);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(check).isDone();
  }

  private Set<String> load() {
    Set<String> loaded = new HashSet<>();
    store.load(Optional.empty(), (SealedCredential row) -> loaded.add(row.endpoint()));
    return loaded;
  }
}
