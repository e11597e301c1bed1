// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static io.github.lwm2mcreds.store.TestCredentials.summary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A key is replaced while the device may have either: nobody is locked out. */
@ParameterizedClass
@EnumSource
class RotationTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final PskIdentity OLD = PskIdentity.of("old");
  private static final PskIdentity NEW = PskIdentity.of("new");

  @Parameter private ManagedStores kind;

  private final SqliteStores stores = new SqliteStores();
  private final TestClock clock = new TestClock();
  private final Instant deadline = clock.instant().plus(DAY);
  private final List<RetiredCredential> told = new ArrayList<>();
  private ManagedCredentialStore store;

  @BeforeEach
  void makeStore() {
    JdbcStoreBuilder description = stores.describe(stores.newFile()).clock(clock);
    store = stores.opened(kind.over(description.create()));
    store.put(credential("a", "old", 1));
    store.put(credential("b", 9));
    store.addListener(told::add);
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private void rotate() {
    store.rotate(credential("a", "new", 2), deadline);
  }

  @Test
  void rotate_beforeTheDeadline_bothKeysAreGood() {
    rotate();

    assertThat(store.findPsk(OLD)).contains(key(1));
    assertThat(store.findPsk(NEW)).contains(key(2));
    assertThat(store.findByPskIdentity(NEW)).contains(credential("a", "new", 2));
    assertThat(store.findEndpoint(OLD)).contains("a");
    assertThat(store.findEndpoint(NEW)).contains("a");
    assertThat(store.findPskIdentity("a")).contains(OLD);
    assertThat(told).isEmpty();
  }

  @Test
  void rotate_beforeTheDeadline_endpointHasItsOldKeyOnly() {
    rotate();

    assertThat(store.findByEndpoint("a")).contains(credential("a", "old", 1));
    assertThat(store.size()).isEqualTo(2);
    assertThat(stored())
        .containsExactly(summary(credential("a", "old", 1)), summary(credential("b", 9)));
    assertThat(rotations()).containsExactly(new Rotation("a", OLD, NEW, deadline));
  }

  @Test
  void confirm_nextIdentity_endsTheOldOne() {
    rotate();

    assertThat(store.confirm(NEW)).isTrue();

    assertEnded();
    assertThat(told).containsExactly(new RetiredCredential("a", OLD, Cause.REPLACED));
    assertThat(store.confirm(NEW)).isFalse();
  }

  @Test
  void confirm_anyOtherIdentity_doesNothing() {
    rotate();

    assertThat(store.confirm(OLD)).isFalse();
    assertThat(store.confirm(PskIdentity.of("b"))).isFalse();
    assertThat(store.confirm(PskIdentity.of("unknown"))).isFalse();
    assertThat(rotations()).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void find_afterTheDeadline_oldKeyIsGoodNoLonger() {
    rotate();
    clock.advance(DAY);

    assertEnded();
  }

  @Test
  void put_afterTheDeadline_oldIdentityIsRevoked() {
    rotate();
    clock.advance(DAY);

    assertThatThrownBy(() -> store.put(credential("a", "old", 1)))
        .isInstanceOf(RevokedCredentialException.class);
    assertEnded();
  }

  @Test
  void put_afterTheDeadline_replacesTheNextKey() {
    rotate();
    clock.advance(DAY);

    assertThat(store.put(credential("a", "third", 3))).isEqualTo(PutOutcome.REPLACED);

    assertThat(told)
        .containsExactly(
            new RetiredCredential("a", OLD, Cause.REPLACED),
            new RetiredCredential("a", NEW, Cause.REPLACED));
  }

  @Test
  void remove_afterTheDeadline_returnsTheNextKey() {
    rotate();
    clock.advance(DAY);

    assertThat(store.remove("a")).isTrue();

    assertThat(told)
        .containsExactly(
            new RetiredCredential("a", OLD, Cause.REPLACED),
            new RetiredCredential("a", NEW, Cause.REMOVED));
  }

  @Test
  void rotate_afterTheDeadline_startsFromTheNextKey() {
    rotate();
    clock.advance(DAY);

    store.rotate(credential("a", "third", 3), clock.instant().plus(DAY));

    assertThat(store.findByEndpoint("a")).contains(credential("a", "new", 2));
    assertThat(store.findPskIdentity("a")).contains(NEW);
    assertThat(store.findEndpoint(OLD)).isEmpty();
    assertThat(store.findPsk(PskIdentity.of("third"))).contains(key(3));
    assertThat(store.findPsk(OLD)).isEmpty();
  }

  @Test
  void put_rotatingEndpoint_endsTheRotationAndBothKeys() {
    rotate();

    assertThat(store.put(credential("a", "third", 3))).isEqualTo(PutOutcome.REPLACED);

    assertThat(store.findPsk(OLD)).isEmpty();
    assertThat(store.findPsk(NEW)).isEmpty();
    assertThat(rotations()).isEmpty();
    assertThat(told)
        .containsExactly(
            new RetiredCredential("a", OLD, Cause.REPLACED),
            new RetiredCredential("a", NEW, Cause.REPLACED));
    assertThat(store.put(credential("b", "old", 4)))
        .as("identity is free")
        .isEqualTo(PutOutcome.REPLACED);
  }

  @Test
  void put_sameAsBefore_leavesTheRotationAsItIs() {
    rotate();

    store.put(credential("a", "old", 1));

    assertThat(rotations()).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void remove_rotatingEndpoint_takesBothAway() {
    rotate();

    assertThat(store.remove("a")).isTrue();

    assertThat(store.findPsk(OLD)).isEmpty();
    assertThat(store.findPsk(NEW)).isEmpty();
    assertThat(rotations()).isEmpty();
    assertThat(told)
        .extracting(RetiredCredential::pskIdentity, RetiredCredential::cause)
        .containsExactlyInAnyOrder(tuple(OLD, Cause.REMOVED), tuple(NEW, Cause.REMOVED));
  }

  @Test
  void rotate_again_replacesTheNextKeyAndTheDeadline() {
    rotate();

    store.rotate(credential("a", "third", 3), deadline.plus(DAY));

    assertThat(store.findPsk(NEW)).isEmpty();
    assertThat(told).containsExactly(new RetiredCredential("a", NEW, Cause.REPLACED));
    assertThat(rotations())
        .containsExactly(new Rotation("a", OLD, PskIdentity.of("third"), deadline.plus(DAY)));
  }

  @Test
  void rotate_sameNextIdentity_replacesItsKey() {
    rotate();

    store.rotate(credential("a", "new", 3), deadline);

    assertThat(store.findPsk(NEW)).contains(key(3));
    assertThat(store.findPsk(OLD)).contains(key(1));
  }

  @Test
  void rotate_impossible_isRefusedAndChangesNothing() {
    Instant now = clock.instant();
    DeviceCredential weak = DeviceCredential.of("a", NEW, PreSharedKey.copyOf(new byte[16]));

    assertRefused(credential("unknown", 2), deadline, "no credential to rotate from");
    assertRefused(credential("a", "old", 2), deadline, "other than the current one");
    assertRefused(credential("a", "b", 2), deadline, "already used by another endpoint");
    assertRefused(credential("a", "new", 2), now, "has passed already");
    assertRefused(credential("a", "new", 2), Instant.MAX, "too far off");
    assertThatThrownBy(() -> store.rotate(weak, deadline)).isInstanceOf(WeakKeyException.class);

    assertThat(store.findPsk(NEW)).isEmpty();
    assertThat(rotations()).isEmpty();
  }

  private void assertRefused(DeviceCredential next, Instant when, String message) {
    assertThatThrownBy(() -> store.rotate(next, when))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private void assertEnded() {
    assertThat(store.findPsk(OLD)).isEmpty();
    assertThat(store.findByPskIdentity(OLD)).isEmpty();
    assertThat(store.findPsk(NEW)).contains(key(2));
    assertThat(store.findByEndpoint("a")).contains(credential("a", "new", 2));
    assertThat(stored())
        .containsExactly(summary(credential("a", "new", 2)), summary(credential("b", 9)));
    assertThat(store.size()).isEqualTo(2);
    assertThat(rotations()).isEmpty();
    assertThatThrownBy(() -> store.put(credential("b", "old", 4)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private List<CredentialSummary> stored() {
    return store.stream().toList();
  }

  private List<Rotation> rotations() {
    return store.rotations().toList();
  }

  @Test
  void findRotation_afterTheDeadline_isEmpty() {
    rotate();
    clock.advance(DAY);

    assertThat(store.findRotation("a")).isEmpty();
  }

  @Test
  void findRotation_anyOther_isEmpty() {
    rotate();

    assertThat(store.findRotation("b")).isEmpty();
    assertThat(store.findRotation("old")).as("an identity, not an endpoint").isEmpty();
    assertThat(store.findRotation("unknown")).isEmpty();
    assertThat(store.findRotation("a\ud800")).isEmpty();
    assertThat(store.findRotation("")).isEmpty();
  }

  @Test
  void findRotation_ended_isEmpty() {
    for (Runnable end :
        List.<Runnable>of(
            () -> store.confirm(PskIdentity.of("next")),
            () -> store.put(credential("a", "again", 5)),
            () -> store.remove("a"),
            () -> store.revoke("a", "lost"))) {
      store.reinstate(credential("a", "old", 1));
      store.rotate(credential("a", "next", 2), deadline);
      assertThat(store.findRotation("a")).isPresent();

      end.run();

      assertThat(store.findRotation("a")).isEmpty();
      store.reinstate(credential("a", "old", 1));
      store.reinstate(credential("a", "next", 2)); // so that both identities may be used again
    }
  }

  @Test
  void findRotation_rotatingEndpoint_findsItsOwn() {
    rotate();
    store.rotate(credential("b", "b-next", 3), deadline.plus(DAY));

    assertThat(store.findRotation("a")).contains(new Rotation("a", OLD, NEW, deadline));
    assertThat(store.findRotation("b"))
        .contains(
            new Rotation("b", PskIdentity.of("b"), PskIdentity.of("b-next"), deadline.plus(DAY)));
    assertThat(rotations()).extracting(Rotation::endpoint).containsExactly("a", "b");
  }
}
