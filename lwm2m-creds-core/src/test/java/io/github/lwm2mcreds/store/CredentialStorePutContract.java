package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static io.github.lwm2mcreds.store.TestCredentials.keyBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.WeakKeyException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link CredentialStore} takes, replaces and refuses. */
abstract class CredentialStorePutContract {
  private CredentialStore store;

  /** Makes an empty store. */
  abstract CredentialStore newStore(KeyPolicy keyPolicy);

  @BeforeEach
  void makeStore() {
    store = newStore(KeyPolicy.strict());
  }

  @Test
  void put_newEndpoint_returnsNothing() {
    assertThat(store.put(credential("a", 1))).isEmpty();
    assertThat(store.size()).isOne();
  }

  @Test
  void put_endpointWithCredential_replacesAndReturnsIt() {
    store.put(credential("a", "i", 1));

    assertThat(store.put(credential("a", "j", 2))).contains(credential("a", "i", 1));

    assertThat(store.findByEndpoint("a")).contains(credential("a", "j", 2));
    assertThat(store.findPsk(PskIdentity.of("j"))).contains(key(2));
    assertThat(store.findPsk(PskIdentity.of("i"))).isEmpty();
    assertThat(store.size()).isOne();
  }

  @Test
  void put_same_returnsItAndChangesNothing() {
    store.put(credential("a", "i", 1));

    assertThat(store.put(credential("a", "i", 1))).contains(credential("a", "i", 1));

    assertThat(stored()).containsExactly(credential("a", "i", 1));
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

    assertThat(stored())
        .containsExactlyInAnyOrder(credential("a", "i", 1), credential("b", "j", 2));
    assertThat(store.size()).isEqualTo(2);
  }

  @Test
  void put_identityGivenUp_mayGoToAnotherEndpoint() {
    store.put(credential("a", "i", 1));
    store.put(credential("a", "j", 1));
    store.put(credential("b", "i", 2));
    store.remove("a");
    store.put(credential("c", "j", 3));

    assertThat(stored())
        .containsExactlyInAnyOrder(credential("b", "i", 2), credential("c", "j", 3));
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

    assertThat(stored())
        .containsExactlyInAnyOrder(credential("a", "b", 1), credential("b", "a", 2));
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

    assertThat(stored()).containsExactly(credential("a", 1));
  }

  @Test
  void put_weakKeyThatThePolicyAllows_isTaken() {
    store = newStore(KeyPolicy.strict().allowing(KeyWeakness.TOO_SHORT));
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

  private List<DeviceCredential> stored() {
    try (Stream<DeviceCredential> all = store.stream()) {
      return all.toList();
    }
  }
}
