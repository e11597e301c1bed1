// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static io.github.lwm2mcreds.store.TestCredentials.keyBytes;
import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static io.github.lwm2mcreds.store.TestCredentials.summary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.WeakKeyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link CredentialStore} takes, replaces and refuses. */
@ParameterizedClass
@EnumSource(Stores.class)
class CredentialStorePutTest {
  private final Stores.Factory stores;
  private CredentialStore store;

  CredentialStorePutTest(Stores kind) {
    stores = new Stores.Factory(kind);
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @BeforeEach
  void makeStore() {
    store = stores.newStore(KeyPolicy.strict());
  }

  @Test
  void put_newEndpoint_isAdded() {
    assertThat(store.put(credential("a", 1))).isEqualTo(PutOutcome.ADDED);
    assertThat(store.size()).isOne();
  }

  @Test
  void put_endpointWithCredential_replacesIt() {
    store.put(credential("a", "i", 1));

    assertThat(store.put(credential("a", "j", 2))).isEqualTo(PutOutcome.REPLACED);

    assertThat(store.findByEndpoint("a")).contains(credential("a", "j", 2));
    assertThat(store.findPsk(PskIdentity.of("j"))).contains(key(2));
    assertThat(store.findPsk(PskIdentity.of("i"))).isEmpty();
    assertThat(store.size()).isOne();
  }

  @Test
  void put_same_changesNothing() {
    store.put(credential("a", "i", 1));

    assertThat(store.put(credential("a", "i", 1))).isEqualTo(PutOutcome.UNCHANGED);

    assertThat(listed(store)).containsExactly(summary(credential("a", "i", 1)));
  }

  @Test
  void put_identityOfAnotherEndpoint_isRefusedAndChangesNothing() {
    store.put(credential("a", "i", 1));
    store.put(credential("b", "j", 2));

    assertThatThrownBy(() -> store.put(credential("b", "i", 3)))
        .isInstanceOfSatisfying(
            DuplicatePskIdentityException.class,
            e -> assertThat(e.pskIdentity()).isEqualTo(PskIdentity.of("i")))
        .hasMessageContaining("'i'");
    assertThatThrownBy(() -> store.put(credential("c", "i", 1)))
        .isInstanceOf(DuplicatePskIdentityException.class);

    assertThat(listed(store))
        .containsExactly(summary(credential("a", "i", 1)), summary(credential("b", "j", 2)));
    assertThat(store.size()).isEqualTo(2);
  }

  @Test
  void put_identityGivenUp_mayGoToAnotherEndpoint() {
    store.put(credential("a", "i", 1));
    store.put(credential("a", "j", 1));
    store.put(credential("b", "i", 2));
    store.remove("a");
    store.put(credential("c", "j", 3));

    assertThat(listed(store))
        .containsExactly(summary(credential("b", "i", 2)), summary(credential("c", "j", 3)));
  }

  @Test
  void put_identityThatIsAnotherEndpointsName_keepsThemApart() {
    store.put(credential("a", "b", 1));
    store.put(credential("b", "a", 2));

    assertThat(store.findByEndpoint("a")).contains(credential("a", "b", 1));
    assertThat(store.findByEndpoint("b")).contains(credential("b", "a", 2));
    assertThat(store.findPsk(PskIdentity.of("a"))).contains(key(2));
    assertThat(store.findPsk(PskIdentity.of("b"))).contains(key(1));

    store.remove("a");

    assertThat(store.findByEndpoint("a")).isEmpty();
    assertThat(store.findPsk(PskIdentity.of("b"))).isEmpty();
    assertThat(store.findByEndpoint("b")).contains(credential("b", "a", 2));
    assertThat(store.findPsk(PskIdentity.of("a"))).contains(key(2));
  }

  @Test
  void put_swappingIdentitiesStepByStep_ends() {
    store.put(credential("a", 1));
    store.put(credential("b", 2));

    store.put(credential("a", "between", 1));
    store.put(credential("b", "a", 2));
    store.put(credential("a", "b", 1));

    assertThat(listed(store))
        .containsExactly(summary(credential("a", "b", 1)), summary(credential("b", "a", 2)));
    assertThat(store.findPsk(PskIdentity.of("a"))).contains(key(2));
    assertThat(store.findPsk(PskIdentity.of("b"))).contains(key(1));
    assertThat(store.findPsk(PskIdentity.of("between"))).isEmpty();
  }

  @Test
  void put_weakKey_isRefusedAndChangesNothing() {
    store.put(credential("a", 1));
    PreSharedKey zeros = PreSharedKey.copyOf(new byte[16]);

    assertThatThrownBy(() -> store.put(DeviceCredential.of("a", zeros)))
        .isInstanceOf(WeakKeyException.class);

    assertThat(listed(store)).containsExactly(summary(credential("a", 1)));
  }

  @Test
  void put_weakKeyThatThePolicyAllows_isTaken() {
    store = stores.newStore(KeyPolicy.strict().allowing(KeyWeakness.TOO_SHORT));
    PreSharedKey shortKey = PreSharedKey.copyOf(keyBytes(0, 1, 12));
    store.put(DeviceCredential.of("a", shortKey));

    assertThat(store.findPsk(PskIdentity.of("a"))).contains(shortKey);
  }

  @Test
  void put_destroyedCredential_isRefusedAndChangesNothing() {
    DeviceCredential destroyed = credential("a", 1);
    destroyed.destroy();

    assertThatThrownBy(() -> store.put(destroyed)).isInstanceOf(IllegalStateException.class);

    assertThat(store.size()).isZero();
  }

  @Test
  void add_newEndpoint_isAdded() {
    assertThat(store.add(credential("a", "i", 1))).isEqualTo(PutOutcome.ADDED);

    assertThat(store.findByEndpoint("a")).contains(credential("a", "i", 1));
  }

  @Test
  void add_same_changesNothing() {
    store.add(credential("a", "i", 1));

    assertThat(store.add(credential("a", "i", 1))).isEqualTo(PutOutcome.UNCHANGED);

    assertThat(listed(store)).containsExactly(summary(credential("a", "i", 1)));
  }

  @Test
  void add_endpointWithAnotherCredential_isRefusedAndChangesNothing() {
    store.add(credential("a", "i", 1));

    assertThatThrownBy(() -> store.add(credential("a", "i", 2)))
        .isInstanceOfSatisfying(
            EndpointInUseException.class, e -> assertThat(e.endpoint()).isEqualTo("a"));
    assertThatThrownBy(() -> store.add(credential("a", "j", 1)))
        .isInstanceOf(EndpointInUseException.class);

    assertThat(store.findByEndpoint("a")).contains(credential("a", "i", 1));
    assertThat(store.findPsk(PskIdentity.of("j"))).isEmpty();
  }

  @Test
  void add_identityOfAnotherEndpoint_isRefused() {
    store.add(credential("a", "i", 1));

    assertThatThrownBy(() -> store.add(credential("b", "i", 2)))
        .isInstanceOf(DuplicatePskIdentityException.class);
  }

  @Test
  void add_weakKey_isRefused() {
    assertThatThrownBy(() -> store.add(DeviceCredential.of("a", PreSharedKey.copyOf(new byte[16]))))
        .isInstanceOf(WeakKeyException.class);
    assertThat(store.size()).isZero();
  }

  @Test
  void add_removedEndpoint_isAdded() {
    store.put(credential("a", "i", 1));
    store.remove("a");

    assertThat(store.add(credential("a", "i", 2))).isEqualTo(PutOutcome.ADDED);

    assertThat(store.findByEndpoint("a")).contains(credential("a", "i", 2));
  }
}
