// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.derive.TestGroups.SENSOR;
import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices of a group that are locked out, by either of the stores that may be behind. */
class DerivedRevocationTest {
  private static final PskIdentity PLAIN = PskIdentity.of(SENSOR);
  private static final PskIdentity NEWEST = PskIdentity.of(SENSOR + "~2");
  private static final String OTHER = "sensor-00000001";

  private final DeviceGroup group = TestGroups.sensors(1, 2);
  private final InMemoryEngine stored = new InMemoryEngine();
  private final DerivedCredentialStore store = new DerivedCredentialStore(stored, group);
  private final List<RetiredCredential> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    store.addListener(told::add);
  }

  private void assertLockedOut() {
    assertThat(store.findPsk(PLAIN)).isEmpty();
    assertThat(store.findPsk(NEWEST)).isEmpty();
    assertThat(store.findByPskIdentity(PLAIN)).isEmpty();
    assertThat(store.findByEndpoint(SENSOR)).isEmpty();
    assertThat(store.findPsk(PskIdentity.of(OTHER))).isPresent();
  }

  private static RetiredCredential revoked(PskIdentity identity) {
    return new RetiredCredential(SENSOR, identity, Cause.REVOKED);
  }

  @Test
  void revoke_derivedDevice_locksItOutAndTellsOfAllItsIdentities() {
    assertThat(store.revoke(SENSOR, "stolen")).isTrue();

    assertLockedOut();
    assertThat(stored.findRevocation(SENSOR).orElseThrow().reason()).isEqualTo("stolen");
    assertThat(told).containsExactly(revoked(PLAIN), revoked(NEWEST));
    assertThat(store.revoke(SENSOR, "again")).isFalse();
  }

  @Test
  void revoke_derivedDevice_leavesItsEndpointTaken() {
    store.revoke(SENSOR, "stolen");

    assertThat(store.takenEndpoints()).containsExactly(SENSOR);
  }

  /** The stolen device's key must not be found again by the next process. */
  @Test
  void revoke_derivedDevice_holdsInAnotherStoreOverTheSame() {
    store.revoke(SENSOR, "stolen");

    assertThat(new DerivedCredentialStore(stored, group).findPsk(PLAIN)).isEmpty();
  }

  @Test
  void setGroups_afterRevoke_tellsOfNobodyTwice() {
    store.findPsk(PLAIN);
    store.revoke(SENSOR, "stolen");
    told.clear();

    store.setGroups();

    assertThat(told).isEmpty();
  }

  @Test
  void revokeInTheStoreBehind_byOthers_countsToo() {
    stored.revoke(SENSOR, "stolen");

    assertLockedOut();
    assertThat(told).containsExactly(revoked(PLAIN), revoked(NEWEST));
  }

  @Test
  void reinstateInTheStoreBehind_thenRemove_derivesAgain() {
    stored.revoke(SENSOR, "");
    stored.reinstate(credential(SENSOR, 1));
    store.remove(SENSOR);

    assertThat(store.findPsk(PLAIN)).contains(group.credential(SENSOR, 1).psk());
  }

  @Test
  void revoke_storedDevice_takesItsCredentialToo() {
    store.put(credential(SENSOR, "own", 1));
    told.clear();

    assertThat(store.revoke(SENSOR, "")).isTrue();

    assertLockedOut();
    assertThat(store.size()).isZero();
    assertThat(told)
        .containsExactly(revoked(PskIdentity.of("own")), revoked(PLAIN), revoked(NEWEST));
  }

  @Test
  void revoke_endpointOfNoGroup_tellsOfItsStoredCredentialOnly() {
    store.put(credential("meter", 1));

    assertThat(store.revoke("meter", "")).isTrue();

    assertThat(told)
        .containsExactly(new RetiredCredential("meter", PskIdentity.of("meter"), Cause.REVOKED));
    assertThat(store.revoke("nobody", "")).isFalse();
  }

  @Test
  void put_revokedEndpoint_isRefused() {
    store.revoke(SENSOR, "stolen");

    assertThatThrownBy(() -> store.put(credential(SENSOR, 1)))
        .isInstanceOf(RevokedCredentialException.class)
        .hasMessageContaining("stolen");
    assertThatThrownBy(() -> store.add(credential(SENSOR, 1)))
        .isInstanceOf(RevokedCredentialException.class);
    assertThat(store.size()).isZero();
  }

  @Test
  void revoke_listenerThrows_tellsOfAllNonetheless() {
    store.put(credential(SENSOR, "own", 1));
    told.clear();
    store.addListener(
        retired -> {
          throw new IllegalStateException("listener");
        });

    assertThatThrownBy(() -> store.revoke(SENSOR, "")).hasMessage("listener");
    assertThat(told)
        .containsExactly(revoked(PskIdentity.of("own")), revoked(PLAIN), revoked(NEWEST));
  }
}
