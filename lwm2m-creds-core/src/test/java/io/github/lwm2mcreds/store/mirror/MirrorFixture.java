// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.TestClock;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A mirror, and another process that shares its store. */
abstract class MirrorFixture {
  static final PskIdentity I = PskIdentity.of("i");

  final SqliteStores stores = new SqliteStores();
  final TestClock clock = new TestClock();
  final Faults faults = new Faults();
  final Engines.Shared shared;
  final StoreEngine other;
  final List<RetiredCredential> told = new CopyOnWriteArrayList<>();
  final AtomicInteger missed = new AtomicInteger();
  final List<String> observed = new CopyOnWriteArrayList<>();
  MirroredCredentialStore mirror;

  MirrorFixture(Engines engine) {
    shared = engine.make(clock, stores);
    other = shared.other();
  }

  @BeforeEach
  void makeMirror() {
    other.put(credential("a", "i", 1));
    mirror = mirror(shared.open(faults));
  }

  MirroredCredentialStore mirror(StoreEngine engine) {
    MirroredCredentialStore made =
        stores.opened(
            MirroredCredentialStore.builder(engine)
                .interval(Duration.ofMillis(1))
                .observer(new Observer())
                .build());
    made.addListener(
        new CredentialStoreListener() {
          @Override
          public void credentialRetired(RetiredCredential retired) {
            told.add(retired);
          }

          @Override
          public void changesMissed() {
            missed.incrementAndGet();
          }
        });
    return made;
  }

  private final class Observer implements MirrorObserver {
    @Override
    public void lost(CredentialStoreException failure) {
      observed.add("lost: " + failure.reason());
    }

    @Override
    public void historyChanged(Position followed, Position loaded) {
      observed.add("history changed: " + followed.number() + " to " + loaded.number());
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

  /** Waits until the mirror has applied all that was changed by now. */
  void catchUp() {
    clock.advance(Duration.ofMillis(1));
    Instant now = clock.instant();
    eventually(() -> assertThat(mirror.upToDateAt()).isAfterOrEqualTo(now));
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
