// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.derive.TestGroups.SENSOR;
import static io.github.lwm2mcreds.derive.TestGroups.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.TestCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Group keys that come and go while servers run. */
class DerivedGroupRotationTest {
  private static final PskIdentity PLAIN = PskIdentity.of(SENSOR);
  private static final PskIdentity SECOND = PskIdentity.of(SENSOR + "~2");

  private final DeviceGroup group = TestGroups.sensors(1);
  private final List<RetiredCredential> told = new ArrayList<>();
  private DerivedCredentialStore store = listened(DerivedCredentialStore.DEFAULT_REMEMBERED);

  private DerivedCredentialStore listened(int remembered) {
    DerivedCredentialStore made =
        new DerivedCredentialStore(new InMemoryEngine(), remembered, group);
    made.addListener(told::add);
    return made;
  }

  @Test
  void setGroups_oneMoreVersion_leavesTheOldOneGood() {
    store.findPsk(PLAIN);

    assertThat(store.setGroups(group.withKey(key(2)))).isTrue();

    assertThat(told).isEmpty();
    assertThat(store.findPsk(PLAIN)).contains(group.credential(SENSOR).psk());
    assertThat(store.findPsk(SECOND)).isPresent();
    assertThat(store.findByEndpoint(SENSOR).orElseThrow().pskIdentity()).isEqualTo(SECOND);
  }

  @Test
  void setGroups_withoutTheOldVersion_endsItAndTellsOfThoseWhoUsedIt() {
    store.setGroups(group.withKey(key(2)));
    store.findPsk(PLAIN);
    store.findPsk(SECOND);
    store.findByPskIdentity(PskIdentity.of("sensor-00000001"));

    assertThat(store.setGroups(group.withKey(key(2)).withoutVersion(1))).isTrue();

    assertThat(told)
        .containsExactlyInAnyOrder(
            new RetiredCredential(SENSOR, PLAIN, Cause.REPLACED),
            new RetiredCredential(
                "sensor-00000001", PskIdentity.of("sensor-00000001"), Cause.REPLACED));
    assertThat(store.findPsk(PLAIN)).isEmpty();
    assertThat(store.findPsk(SECOND)).isPresent();
  }

  @Test
  void setGroups_nothingLeft_tellsThatCredentialsWereRemoved() {
    store.findPsk(PLAIN);

    store.setGroups();

    assertThat(told).containsExactly(new RetiredCredential(SENSOR, PLAIN, Cause.REMOVED));
    assertThat(store.findByEndpoint(SENSOR)).isEmpty();
  }

  @Test
  void setGroups_again_tellsOfNobodyTwice() {
    store.findPsk(PLAIN);
    store.setGroups();
    store.setGroups();

    assertThat(told).hasSize(1);
  }

  @Test
  void setGroups_otherPlainVersion_tellsOfWhoseKeyIsAnotherNow() {
    DeviceGroup both = group.withKey(key(2));
    store.setGroups(both);
    store.findPsk(PLAIN);
    store.findPsk(SECOND);

    store.setGroups(both.withPlainVersion(2));

    assertThat(told)
        .containsExactlyInAnyOrder(
            new RetiredCredential(SENSOR, PLAIN, Cause.REPLACED),
            new RetiredCredential(SENSOR, SECOND, Cause.REPLACED));
    assertThat(store.findPsk(PLAIN)).contains(both.credential(SENSOR, 2).psk());
  }

  @Test
  void setGroups_groupKeyDestroyedBefore_tellsAllTheSame() {
    GroupKey key = key(3);
    store.setGroups(group.withKey(key));
    store.findPsk(PskIdentity.of(SENSOR + "~3"));
    key.destroy();
    assertThat(store.findPsk(PskIdentity.of(SENSOR + "~3"))).isEmpty();

    store.setGroups(group);

    assertThat(told)
        .containsExactly(
            new RetiredCredential(SENSOR, PskIdentity.of(SENSOR + "~3"), Cause.REPLACED));
  }

  @Test
  void setGroups_moreIdentitiesThanRemembered_saysSo() {
    store = listened(2);
    for (int n = 0; n < 3; n++) {
      store.findPsk(PskIdentity.of("sensor-0000000" + n));
    }

    assertThat(store.setGroups()).isFalse();
    assertThat(told).hasSize(2);
  }

  @Test
  void setGroups_listenerThrowsAndNotAllAreRemembered_asksListenersToCompare() {
    store = listened(1);
    store.findPsk(PLAIN);
    store.findPsk(PskIdentity.of("sensor-00000001"));
    RuntimeException thrown = new IllegalStateException("listener");
    store.addListener(
        retired -> {
          throw thrown;
        });
    AtomicInteger missed = new AtomicInteger();
    store.addListener(
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

    assertThatThrownBy(store::setGroups).isSameAs(thrown);

    assertThat(missed).hasValue(1);
  }

  /** It is not known then who may have a session; better one call too many than one too few. */
  @Test
  void put_moreIdentitiesThanRemembered_tellsOfAll() {
    store = listened(0);
    store.findPsk(PskIdentity.of("sensor-00000001"));

    store.put(TestCredentials.credential(SENSOR, 1));

    assertThat(told).containsExactly(new RetiredCredential(SENSOR, PLAIN, Cause.REPLACED));
  }

  @Test
  void setGroups_listenerThrows_tellsOfAllAndChangesGroups() {
    store.findPsk(PLAIN);
    store.findPsk(PskIdentity.of("sensor-00000001"));
    List<RetiredCredential> toldToo = new ArrayList<>();
    RuntimeException same = new IllegalStateException("listener");
    store.addListener(
        retired -> {
          throw same;
        });
    store.addListener(toldToo::add);

    assertThatThrownBy(store::setGroups).isSameAs(same);

    assertThat(toldToo).hasSize(2);
    assertThat(store.findPsk(PLAIN)).isEmpty();
  }

  @Test
  void setGroups_manyDevices_tellsOfEach() {
    int devices = 5_000;
    for (int n = 0; n < devices; n++) {
      store.findPsk(PskIdentity.of(String.format("sensor-%08x", n)));
    }

    store.setGroups();

    assertThat(told).hasSize(devices).doesNotHaveDuplicates();
  }
}
