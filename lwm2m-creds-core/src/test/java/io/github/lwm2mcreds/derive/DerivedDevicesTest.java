// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.derive.TestGroups.SENSOR;
import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.PutOutcome;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices that are in a group: stored first, derived second. */
class DerivedDevicesTest {
  private static final PskIdentity PLAIN = PskIdentity.of(SENSOR);
  private static final PskIdentity NEWEST = PskIdentity.of(SENSOR + "~2");

  private final DeviceGroup group = TestGroups.sensors(1, 2);
  private final InMemoryEngine stored = new InMemoryEngine();
  private final DerivedCredentialStore store = new DerivedCredentialStore(stored, group);
  private final List<RetiredCredential> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    store.addListener(told::add);
  }

  @Test
  void find_deviceOfTheGroup_isDerivedForEachVersion() {
    for (int version : new int[] {1, 2}) {
      DeviceCredential credential = group.credential(SENSOR, version);

      assertThat(store.findPsk(credential.pskIdentity())).contains(credential.psk());
      assertThat(store.findByPskIdentity(credential.pskIdentity())).contains(credential);
    }
    assertThat(store.findByEndpoint(SENSOR)).contains(group.credential(SENSOR, 2));
  }

  @Test
  void find_deviceOfNoGroup_findsNothing() {
    assertThat(store.findPsk(PskIdentity.of("meter-0000beef"))).isEmpty();
    assertThat(store.findPsk(PskIdentity.of(SENSOR + "~3"))).isEmpty();
    assertThat(store.findByEndpoint("meter-0000beef")).isEmpty();
    assertThat(store.findByEndpoint(SENSOR + "~2")).isEmpty();
  }

  @Test
  void find_severalGroups_looksIntoEach() {
    DeviceGroup meters = TestGroups.group("meter-%08x", 3).withPlainVersion(3);
    DerivedCredentialStore both = new DerivedCredentialStore(stored, group, meters);

    assertThat(both.findPsk(PLAIN)).isPresent();
    assertThat(both.findByEndpoint("meter-0000beef")).contains(meters.credential("meter-0000beef"));
  }

  @Test
  void groups_thatOverlap_areRefusedAndChangeNothing() {
    DeviceGroup[] overlapping = {group, TestGroups.group("sensor-*", 3)};

    assertThatThrownBy(() -> new DerivedCredentialStore(stored, overlapping))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sensor-%08x")
        .hasMessageContaining("sensor-*");
    assertThatThrownBy(() -> store.setGroups(overlapping))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store.findPsk(PLAIN)).isPresent();
  }

  /** What a stranger sends leads to no exception, and derived keys only to whom they belong. */
  @Property(tries = 500)
  void findPsk_anyIdentity_isTotal(@ForAll byte[] bytes) {
    if (bytes.length > 0 && bytes.length <= PskIdentity.MAX_LENGTH) {
      assertThat(store.findPsk(PskIdentity.ofBytes(bytes))).isEmpty();
    }
  }

  @Test
  void streamAndSize_derivedDevices_areNotThere() {
    store.findPsk(PLAIN);

    assertThat(store.size()).isZero();
    assertThat(store.stream()).isEmpty();
    assertThat(store.remove(SENSOR)).isFalse();
    assertThat(store.findPsk(PLAIN)).isPresent();
  }

  @Test
  void find_storedCredential_comesFirstAndNoDerivedKeyIsGood() {
    stored.put(credential(SENSOR, "own", 1));

    assertThat(store.findByEndpoint(SENSOR)).contains(credential(SENSOR, "own", 1));
    assertThat(store.findPsk(PskIdentity.of("own"))).contains(key(1));
    assertThat(store.findPsk(PLAIN)).isEmpty();
    assertThat(store.findByPskIdentity(NEWEST)).isEmpty();
  }

  @Test
  void remove_storedCredential_bringsDerivedKeysBack() {
    store.put(credential(SENSOR, 1));
    assertThat(store.findPsk(PLAIN)).contains(key(1));

    store.remove(SENSOR);

    assertThat(store.findPsk(PLAIN)).contains(group.credential(SENSOR, 1).psk());
    assertThat(told).containsExactly(new RetiredCredential(SENSOR, PLAIN, Cause.REMOVED));
  }

  @Test
  void put_deviceThatWasDerived_tellsOfIdentitiesThatWereUsed() {
    store.findPsk(NEWEST);

    assertThat(store.put(credential(SENSOR, 1))).isEqualTo(PutOutcome.ADDED);

    assertThat(told).containsExactly(new RetiredCredential(SENSOR, NEWEST, Cause.REPLACED));
  }

  @Test
  void put_theDerivedCredentialItself_endsNoSessionOfIt() {
    store.findPsk(PLAIN);
    store.findPsk(NEWEST);

    store.put(group.credential(SENSOR, 2));

    assertThat(told).containsExactly(new RetiredCredential(SENSOR, PLAIN, Cause.REPLACED));
    assertThat(store.findPsk(NEWEST)).contains(group.credential(SENSOR, 2).psk());
  }

  @Test
  void put_otherKeyForTheIdentityThatWasDerived_tellsOfIt() {
    store.findByPskIdentity(PLAIN);

    store.put(credential(SENSOR, 1));

    assertThat(told).containsExactly(new RetiredCredential(SENSOR, PLAIN, Cause.REPLACED));
    assertThat(store.findPsk(PLAIN)).contains(key(1));
  }

  @Test
  void put_identityOfAnotherDeviceOfTheGroup_isRefused() {
    assertThatThrownBy(() -> store.put(credential("other", SENSOR, 1)))
        .isInstanceOf(DuplicatePskIdentityException.class);
    assertThatThrownBy(() -> store.put(credential(SENSOR + "~2", 1)))
        .isInstanceOf(DuplicatePskIdentityException.class);
    assertThat(store.size()).isZero();
  }

  /** Put in behind this store's back: the stored one is found, and never the two mixed up. */
  @Test
  void find_identityStoredForAnother_isTheOthers() {
    stored.put(credential("other", SENSOR + "~2", 1));

    assertThat(store.findByPskIdentity(NEWEST)).contains(credential("other", SENSOR + "~2", 1));
    assertThat(store.findByEndpoint(SENSOR)).isEmpty();
    assertThat(store.findPsk(PLAIN)).isPresent();
  }

  @Test
  void find_destroyedAfterwards_isDerivedAnew() {
    store.findByPskIdentity(PLAIN).orElseThrow().destroy();
    store.findPsk(PLAIN).orElseThrow().destroy();
    store.findByEndpoint(SENSOR).orElseThrow().destroy();

    assertThat(store.findPsk(PLAIN)).contains(group.credential(SENSOR, 1).psk());
  }

  @Test
  void findPskLater_store_isAsked() throws Exception {
    InMemoryEngine managed = new InMemoryEngine();
    managed.later.put(PskIdentity.of("late"), key(1));
    DerivedCredentialStore overManaged = new DerivedCredentialStore(managed, group);

    assertThat(overManaged.findPskLater(PskIdentity.of("late")).toCompletableFuture().get())
        .contains(key(1));
  }

  @Test
  void toString_groups_areShownWithoutKeys() {
    assertThat(store)
        .hasToString(
            "DerivedCredentialStore[InMemoryEngine[size=0],"
                + " [DeviceGroup[sensor-%08x, HKDF-SHA256 'test' 16 bytes, versions=[1, 2]]]]");
  }

  @Test
  void add_deviceThatIsDerived_isRefusedUnlessItIsTheSame() {
    assertThatThrownBy(() -> store.add(credential(SENSOR, 1)))
        .isInstanceOfSatisfying(
            EndpointInUseException.class, e -> assertThat(e.endpoint()).isEqualTo(SENSOR));
    assertThat(store.size()).isZero();

    assertThat(store.add(group.credential(SENSOR, 2))).isEqualTo(PutOutcome.ADDED);
    assertThat(store.findByEndpoint(SENSOR)).contains(group.credential(SENSOR, 2));
    assertThat(store.size()).isOne();
  }

  @Test
  void add_identityOfAnotherDeviceOfTheGroup_isRefused() {
    assertThatThrownBy(() -> store.add(credential("other", SENSOR, 1)))
        .isInstanceOf(DuplicatePskIdentityException.class);
    assertThat(store.size()).isZero();
  }
}
