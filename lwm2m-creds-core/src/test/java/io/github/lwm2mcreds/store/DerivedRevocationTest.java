package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestGroups.SENSOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.derive.DeviceGroup;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Devices of a group that are locked out, by either of the stores that may be behind. */
class DerivedRevocationTest {
  private static final PskIdentity PLAIN = PskIdentity.of(SENSOR);
  private static final PskIdentity NEWEST = PskIdentity.of(SENSOR + "~2");
  private static final String OTHER = "sensor-00000001";

  private final DeviceGroup group = TestGroups.sensors(1, 2);
  private final InMemoryCredentialStore plainStored = new InMemoryCredentialStore();
  private final DerivedCredentialStore plain = listened(plainStored);
  private final ManagedStoreFake managedStored = new ManagedStoreFake();
  private final DerivedCredentialStore managed = listened(managedStored);
  private final List<RetiredCredential> told = new ArrayList<>();

  private DerivedCredentialStore listened(CredentialStore stored) {
    DerivedCredentialStore store = new DerivedCredentialStore(stored, group);
    store.addListener(retired -> told.add(retired));
    return store;
  }

  private static void assertLockedOut(CredentialStore store) {
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
    assertThat(plain.revoke(SENSOR, "stolen")).isTrue();

    assertLockedOut(plain);
    assertThat(told).containsExactly(revoked(PLAIN), revoked(NEWEST));
    assertThat(plain.revoke(SENSOR, "again")).isFalse();
  }

  @Test
  void revoke_derivedDeviceInManagedStore_doesTheSameByItsList() {
    assertThat(managed.revoke(SENSOR, "stolen")).isTrue();

    assertLockedOut(managed);
    assertThat(managedStored.findRevocation(SENSOR).orElseThrow().reason()).isEqualTo("stolen");
    assertThat(told).containsExactly(revoked(PLAIN), revoked(NEWEST));
  }

  @Test
  void setGroups_afterRevoke_tellsOfNobodyTwice() {
    plain.findPsk(PLAIN);
    plain.revoke(SENSOR, "stolen");
    told.clear();

    plain.setGroups();

    assertThat(told).isEmpty();
  }

  @Test
  void revokeInManagedStore_byOthers_countsToo() {
    managedStored.revoke(SENSOR, "stolen");

    assertLockedOut(managed);
    assertThat(told).containsExactly(revoked(PLAIN), revoked(NEWEST));
  }

  @Test
  void reinstateInManagedStore_thenRemove_derivesAgain() {
    managedStored.revoke(SENSOR, "");
    managedStored.reinstate(credential(SENSOR, 1));
    managed.remove(SENSOR);

    assertThat(managed.findPsk(PLAIN)).contains(group.credential(SENSOR, 1).psk());
  }

  @Test
  void revoke_storedDevice_takesItsCredentialToo() {
    plain.put(credential(SENSOR, "own", 1));
    managed.put(credential(SENSOR, "own", 1));

    assertThat(plain.revoke(SENSOR, "")).isTrue();
    assertThat(managed.revoke(SENSOR, "")).isTrue();

    assertLockedOut(plain);
    assertLockedOut(managed);
    assertThat(plain.size() + managed.size()).isZero();
    assertThat(told.subList(0, 3))
        .isEqualTo(told.subList(3, 6))
        .containsExactly(revoked(PskIdentity.of("own")), revoked(PLAIN), revoked(NEWEST));
  }

  @Test
  void revoke_endpointOfNoGroup_tellsOfItsStoredCredentialOnly() {
    plain.put(credential("meter", 1));

    assertThat(plain.revoke("meter", "")).isTrue();
    assertThat(plain.revoke("nobody", "")).isFalse();

    assertThat(told)
        .containsExactly(new RetiredCredential("meter", PskIdentity.of("meter"), Cause.REVOKED));
  }

  @Test
  void put_revokedEndpoint_isRefused() {
    plain.revoke(SENSOR, "stolen");
    managed.revoke(SENSOR, "stolen");

    for (CredentialStore store : List.of(plain, managed)) {
      assertThatThrownBy(() -> store.put(credential(SENSOR, 1)))
          .isInstanceOf(RevokedCredentialException.class)
          .hasMessageContaining("stolen");
      assertThat(store.size()).isZero();
    }
  }

  /** As when another thread revokes it just now, and finds nothing stored yet. */
  @Test
  void put_revokedMeanwhile_isTakenBack() {
    CredentialStore racing = new InMemoryCredentialStore();
    DerivedCredentialStore store = new DerivedCredentialStore(racing, group);
    racing.put(credential(SENSOR, "old", 1));
    racing.addListener(
        retired -> {
          if (retired.cause() == Cause.REPLACED) {
            racing.remove(SENSOR);
            store.revoke(SENSOR, "now");
            racing.put(credential(SENSOR, "new", 2));
          }
        });

    assertThatThrownBy(() -> store.put(credential(SENSOR, "new", 2)))
        .isInstanceOf(RevokedCredentialException.class);
    assertThat(racing.size()).isZero();
  }

  @Test
  void revoke_listenerThrows_tellsOfAllNonetheless() {
    for (DerivedCredentialStore store : List.of(plain, managed)) {
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
}
