// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Faults faults = new Faults();
  private final MirroredCredentialStore store =
      MirroredCredentialStore.builder(
              new InMemoryEngine(new InMemoryEngine(KeyPolicy.strict(), new SetClock(now)), faults))
          .interval(Duration.ofMillis(1))
          .build();
  private final Readiness readiness = new Readiness();

  private static final class SetClock extends Clock {
    private final AtomicReference<Instant> now;

    SetClock(AtomicReference<Instant> now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void trouble_serverThatStartsAndStops_isSaid() {
    assertThat(readiness.trouble()).isEqualTo("starting");
    readiness.loaded(store, Duration.ofSeconds(30));
    assertThat(readiness.trouble()).isEqualTo("starting");
    readiness.started();
    assertThat(readiness.trouble()).isEmpty();
    readiness.stopping();
    assertThat(readiness.trouble()).isEqualTo("stopping");
  }

  @Test
  void trouble_serverWithoutStore_isNone() {
    readiness.started();

    assertThat(readiness.trouble()).isEmpty();
  }

  @Test
  void trouble_storeOutOfReach_isSaidBehindTheLimit() {
    readiness.loaded(store, Duration.ofSeconds(30));
    readiness.started();
    faults.failAfter(0);
    Awaitility.await().until(() -> !store.state().following());

    now.set(Instant.EPOCH.plusSeconds(30));
    assertThat(readiness.trouble()).as("within the limit").isEmpty();
    now.set(Instant.EPOCH.plusSeconds(31));
    assertThat(readiness.trouble()).isEqualTo("stale: the store has been out of reach for 31 s");
    faults.recover();
    Awaitility.await().until(() -> readiness.trouble().isEmpty());
  }
}
