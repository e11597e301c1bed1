// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What was revoked does not come back by mistake. */
@ParameterizedClass
@EnumSource
class RevocationTest {
  private static final PskIdentity IDENTITY = PskIdentity.of("i");

  @Parameter private ManagedStores kind;

  private final SqliteStores stores = new SqliteStores();
  private final TestClock clock = new TestClock();
  private final List<RetiredCredential> told = new ArrayList<>();
  private ManagedCredentialStore store;

  @BeforeEach
  void makeStore() {
    JdbcStoreBuilder description = stores.describe(stores.newFile()).clock(clock);
    store = stores.opened(kind.over(description.create()));
    store.put(credential("a", "i", 1));
    store.addListener(told::add);
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void revoke_endpointWithCredential_takesItAway() {
    assertThat(store.revoke("a", "lost")).isTrue();

    assertThat(store.findByEndpoint("a")).isEmpty();
    assertThat(store.findPsk(IDENTITY)).isEmpty();
    assertThat(store.size()).isZero();
    assertThat(told).containsExactly(new RetiredCredential("a", IDENTITY, Cause.REVOKED));
  }

  @Test
  void revoke_endpoint_isRememberedWithItsIdentity() {
    store.revoke("a", "lost");

    Revocation ofEndpoint = new Revocation("a", Optional.empty(), clock.instant(), "lost");
    assertThat(store.findRevocation("a")).contains(ofEndpoint);
    assertThat(store.findRevocation("b")).isEmpty();
    assertThat(store.findRevocation("i")).as("an identity, not an endpoint").isEmpty();
    assertThat(store.revocations().toList())
        .containsExactly(
            ofEndpoint, new Revocation("a", Optional.of(IDENTITY), clock.instant(), "lost"));
  }

  @Test
  void put_revokedEndpoint_isRefused() {
    store.revoke("a", "lost");

    assertThatThrownBy(() -> store.put(credential("a", "other", 2)))
        .isInstanceOfSatisfying(
            RevokedCredentialException.class, e -> assertThat(e.endpoint()).isEqualTo("a"))
        .hasMessageContaining("endpoint 'a' was revoked on 2026-01-02T03:04:05Z (lost)");
    assertThat(store.size()).isZero();
  }

  @Test
  void put_revokedIdentity_isRefusedForAnybody() {
    store.revoke("a", "lost");

    assertThatThrownBy(() -> store.put(credential("b", "i", 2)))
        .isInstanceOfSatisfying(
            RevokedCredentialException.class, e -> assertThat(e.endpoint()).isEqualTo("b"))
        .hasMessageContaining("PSK identity 'i' was revoked");
  }

  @Test
  void rotate_toARevokedIdentity_isRefused() {
    store.revoke("a", "lost");
    store.put(credential("b", 2));

    assertThatThrownBy(
            () ->
                store.rotate(credential("b", "i", 3), clock.instant().plus(Duration.ofMinutes(1))))
        .isInstanceOf(RevokedCredentialException.class);
    assertThat(store.rotations()).isEmpty();
  }

  @Test
  void revoke_rotatingEndpoint_takesBothAwayForGood() {
    store.rotate(credential("a", "next", 2), clock.instant().plus(Duration.ofDays(1)));

    store.revoke("a", "lost");

    assertThat(store.findPsk(IDENTITY)).isEmpty();
    assertThat(store.findPsk(PskIdentity.of("next"))).isEmpty();
    assertThat(store.rotations()).isEmpty();
    assertThat(store.revocations()).hasSize(3);
    assertThat(told)
        .containsExactlyInAnyOrder(
            new RetiredCredential("a", IDENTITY, Cause.REVOKED),
            new RetiredCredential("a", PskIdentity.of("next"), Cause.REVOKED));
  }

  /**
   * Its key may come from elsewhere, such as a group key; its sessions have to end all the same.
   */
  @Test
  void revoke_endpointWithoutCredential_isRememberedAndTold() {
    assertThat(store.revoke("unknown", "stolen")).isFalse();

    assertThat(store.findRevocation("unknown")).isPresent();
    assertThat(told)
        .containsExactly(
            new RetiredCredential("unknown", PskIdentity.of("unknown"), Cause.REVOKED));
    assertThatThrownBy(() -> store.put(credential("unknown", 2)))
        .isInstanceOf(RevokedCredentialException.class);
  }

  /** It cannot be told of by an identity, and may have sessions without a pre-shared key. */
  @Test
  void revoke_endpointTooLongForAnIdentity_tellsThatSomethingIsUntold() {
    List<String> missed = new CopyOnWriteArrayList<>();
    store.addListener(
        new CredentialStoreListener() {
          @Override
          public void credentialRetired(RetiredCredential retired) {}

          @Override
          public void changesMissed() {
            missed.add("missed");
          }
        });
    String endpoint = "e".repeat(PskIdentity.MAX_LENGTH + 1);

    assertThat(store.revoke(endpoint, "stolen")).isFalse();

    assertThat(store.findRevocation(endpoint)).isPresent();
    assertThat(missed).containsExactly("missed");
    assertThat(told).isEmpty();
    store.revoke(endpoint, "again");
    store.put(credential("b", 2));
    assertThat(missed).hasSize(1);
  }

  @Test
  void revoke_again_keepsTheFirstTimeAndReason() {
    store.revoke("a", "lost");
    told.clear();
    clock.advance(Duration.ofDays(1));

    assertThat(store.revoke("a", "found")).isFalse();

    assertThat(store.findRevocation("a").orElseThrow().reason()).isEqualTo("lost");
    assertThat(told).isEmpty();
  }

  /** A generator that gave it again would have its credential refused. */
  @Test
  void revoke_endpoint_staysTaken() {
    store.revoke("a", "lost");
    store.revoke("unknown", "stolen");

    assertThat(store.takenEndpoints()).contains("a", "unknown");
  }

  @Test
  void revoke_noEndpoint_isRefused() {
    assertThatThrownBy(() -> store.revoke("", "")).isInstanceOf(InvalidCredentialException.class);
    assertThatThrownBy(() -> store.revoke("a\n", ""))
        .isInstanceOf(InvalidCredentialException.class);
  }

  @Test
  void reinstate_revokedEndpoint_mayHaveACredentialAgain() {
    store.revoke("a", "lost");

    assertThat(store.reinstate(credential("a", "i", 2))).isEqualTo(PutOutcome.ADDED);

    assertThat(store.findPsk(IDENTITY)).contains(key(2));
    assertThat(store.findRevocation("a")).isEmpty();
    assertThat(store.revocations()).isEmpty();
    assertThat(store.put(credential("a", "i", 3))).isEqualTo(PutOutcome.REPLACED);
  }

  @Test
  void reinstate_otherIdentity_leavesTheOldOneRevoked() {
    store.revoke("a", "lost");

    store.reinstate(credential("a", "other", 2));

    assertThatThrownBy(() -> store.put(credential("b", "i", 3)))
        .isInstanceOf(RevokedCredentialException.class);
  }

  @Test
  void reinstate_identityOfAnother_isRefusedAndLeavesTheRevocation() {
    store.put(credential("b", 2));
    store.revoke("a", "lost");

    assertThatThrownBy(() -> store.reinstate(credential("a", "b", 3)))
        .isInstanceOf(DuplicatePskIdentityException.class);
    assertThat(store.findRevocation("a")).isPresent();
  }

  @Test
  void reinstate_neverRevoked_isLikePut() {
    assertThat(store.reinstate(credential("a", "j", 2))).isEqualTo(PutOutcome.REPLACED);

    assertThat(store.findPsk(PskIdentity.of("j"))).contains(key(2));
  }

  @Test
  void remove_revokedEndpoint_staysRevoked() {
    store.revoke("a", "lost");

    assertThat(store.remove("a")).isFalse();
    assertThat(store.findRevocation("a")).isPresent();
  }

  @Test
  void add_revokedEndpointOrIdentity_isRefused() {
    store.revoke("a", "lost");

    assertThatThrownBy(() -> store.add(credential("a", "other", 2)))
        .isInstanceOf(RevokedCredentialException.class);
    assertThatThrownBy(() -> store.add(credential("b", "i", 2)))
        .isInstanceOf(RevokedCredentialException.class);
    assertThat(store.size()).isZero();
  }
}
