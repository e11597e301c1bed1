// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a mirror logs that nobody observes. */
class MirrorEventsTest {
  private final LoggedEvents logged = new LoggedEvents();
  private final Faults faults = new Faults();
  private final InMemoryEngine other = new InMemoryEngine();
  private final MirroredCredentialStore mirror =
      MirroredCredentialStore.builder(new WithoutKeys(other, faults))
          .interval(Duration.ofMillis(1))
          .build();

  /** An engine whose keys do not open. */
  private static final class WithoutKeys extends InMemoryEngine {
    WithoutKeys(InMemoryEngine other, Faults faults) {
      super(other, faults);
    }

    @Override
    public PreSharedKey open(SealedCredential credential) {
      throw new CredentialStoreException(
          Reason.CORRUPT, "the key of '" + credential.endpoint() + "' is damaged");
    }
  }

  @AfterEach
  void close() {
    mirror.close();
    logged.close();
  }

  private void awaitLine(Event event, String line) {
    await()
        .dontCatchUncaughtExceptions()
        .untilAsserted(() -> assertThat(logged.of(event)).containsExactly(line));
  }

  @Test
  void storeOutOfReachAndBack_isLoggedOnce() {
    faults.failAfter(0);
    awaitLine(
        Event.MIRROR_LOST,
        "WARNING mirror-lost reason=unavailable store=\"InMemoryEngine[size=0]\""
            + " failure=\"CredentialStoreException: out of reach\"");
    faults.recover();
    awaitLine(Event.MIRROR_RESUMED, "INFO mirror-resumed store=\"InMemoryEngine[size=0]\"");

    assertThat(logged.all()).hasSize(2);
  }

  /** As when the jar is replaced under a program that runs. */
  private static final class Unlinked extends Faults {
    volatile boolean broken;

    @Override
    public boolean enter() {
      if (broken) {
        throw new NoClassDefFoundError("io/github/lwm2mcreds/Gone");
      }
      return super.enter();
    }
  }

  @Test
  void engineThatFailsToLink_isLostOnce_andResumed() {
    Unlinked unlinked = new Unlinked();
    try (MirroredCredentialStore unlinking =
        MirroredCredentialStore.builder(new InMemoryEngine(other, unlinked))
            .interval(Duration.ofMillis(1))
            .build()) {
      unlinked.broken = true;
      await().dontCatchUncaughtExceptions().until(() -> logged.of(Event.MIRROR_LOST).size() == 1);
      unlinked.broken = false;
      await().until(() -> logged.of(Event.MIRROR_RESUMED).size() == 1);
      assertThat(unlinking.size()).isZero();
    }

    assertThat(logged.of(Event.MIRROR_LOST)).hasSize(1);
  }

  @Test
  void storePutBack_isLogged() {
    Runnable restore = other.backup();
    other.put(credential("a", 1));
    await().until(() -> mirror.size() == 1);

    restore.run();

    awaitLine(
        Event.MIRROR_HISTORY_CHANGED,
        "ERROR mirror-history-changed store=\"InMemoryEngine[size=0]\" followed=1 loaded=0");
  }

  @Test
  void keyThatDoesNotOpen_isLoggedAndReported() {
    List<String> observed = new CopyOnWriteArrayList<>();
    other.put(credential("a", 1));
    MirrorObserver observer =
        new MirrorObserver() {
          @Override
          public void unreadable(CredentialStoreException failure) {
            observed.add(failure.getMessage());
          }
        };
    try (MirroredCredentialStore observing =
        MirroredCredentialStore.builder(new WithoutKeys(other, faults))
            .observer(observer)
            .build()) {
      for (int i = 0; i < 25; i++) {
        assertThat(observing.findPsk(PskIdentity.of("a"))).isEmpty();
      }
    }

    assertThat(logged.of(Event.KEY_UNREADABLE))
        .hasSize(10)
        .containsOnly(
            "WARNING key-unreadable reason=corrupt"
                + " failure=\"CredentialStoreException: the key of 'a' is damaged\"");
    assertThat(observed).hasSize(25);
    logged.advance(Duration.ofMinutes(1));
    assertThat(LoggedEvents.leftOut(logged.all().stream())).isEqualTo(15);
  }
}
