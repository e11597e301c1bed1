// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.TestClock;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A mirror knows how old its knowledge is, and may be told to refuse newcomers by it. */
@ParameterizedClass
@EnumSource(Engines.class)
class MirrorAgeTest {
  private static final PskIdentity A = PskIdentity.of("a");

  private final SqliteStores stores = new SqliteStores();
  private final TestClock clock = new TestClock();
  private final Faults faults = new Faults();
  private final Engines.Shared shared;

  MirrorAgeTest(Engines engine) {
    shared = engine.make(clock, stores);
    shared.other().put(credential("a", 1));
  }

  @AfterEach
  void closeStores() {
    faults.release();
    stores.close();
  }

  private MirroredCredentialStore.Builder mirror() {
    return MirroredCredentialStore.builder(shared.open(faults)).interval(Duration.ofMillis(1));
  }

  private void goOn(MirroredCredentialStore mirror) {
    await().until(() -> !mirror.upToDateAt().isBefore(clock.instant()));
  }

  @Test
  void upToDateAt_followingMirror_isNow() {
    MirroredCredentialStore mirror = stores.opened(mirror().build());
    clock.advance(Duration.ofHours(1));

    goOn(mirror);
  }

  @Test
  void upToDateAt_databaseLost_staysThen() {
    MirroredCredentialStore mirror = stores.opened(mirror().build());
    faults.failAfter(0);
    Instant lost = clock.instant();
    clock.advance(Duration.ofHours(1));

    assertThat(mirror.upToDateAt()).isEqualTo(lost);
    assertThat(mirror.findPsk(A)).as("served, as no limit is set").contains(key(1));
    assertThat(mirror.admitsNewcomers()).isTrue();
  }

  @Test
  void findPsk_behindForLongerThanTheLimit_failsUntilTheDatabaseIsBack() {
    MirroredCredentialStore mirror =
        stores.opened(mirror().refuseNewcomersAfter(Duration.ofMinutes(5)).build());
    faults.failAfter(0);
    Instant lost = clock.instant();
    clock.advance(Duration.ofMinutes(5));
    assertThat(mirror.findPsk(A)).as("within the limit").contains(key(1));
    assertThat(mirror.admitsNewcomers()).isTrue();

    clock.advance(Duration.ofSeconds(1));

    assertThat(mirror.admitsNewcomers()).isFalse();

    assertThatThrownBy(() -> mirror.findPsk(A))
        .isInstanceOfSatisfying(
            CredentialStoreException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
        .hasMessageContaining(lost.toString());
    assertThatThrownBy(() -> mirror.findByPskIdentity(A))
        .isInstanceOf(CredentialStoreException.class);
    assertThat(mirror.findEndpoint(A)).as("sessions go on").contains("a");
    assertThat(mirror.findCheckValue(A)).as("and are compared").contains(key(1).checkValue());
    faults.recover();
    goOn(mirror);
    assertThat(mirror.findPsk(A)).contains(key(1));
  }

  @Test
  void findPsk_databaseHangs_failsToo() {
    MirroredCredentialStore mirror =
        stores.opened(mirror().refuseNewcomersAfter(Duration.ofMinutes(5)).build());
    faults.hold();
    await().until(() -> faults.waiting() > 0); // the mirror, for an answer

    clock.advance(Duration.ofMinutes(6));

    assertThatThrownBy(() -> mirror.findPsk(A)).isInstanceOf(CredentialStoreException.class);
    faults.release();
    goOn(mirror);
    assertThat(mirror.findPsk(A)).contains(key(1));
  }
}
