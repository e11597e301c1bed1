// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link CredentialStore} tells its listeners. */
@ParameterizedClass
@EnumSource(Stores.class)
class CredentialStoreListenerTest {
  private final List<RetiredCredential> told = new ArrayList<>();
  private final Stores.Factory stores;
  private CredentialStore store;

  CredentialStoreListenerTest(Stores kind) {
    stores = new Stores.Factory(kind);
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @BeforeEach
  void makeStore() {
    store = stores.newStore(KeyPolicy.strict());
    store.addListener(told::add);
  }

  @Test
  void put_newEndpoint_tellsNobody() {
    store.put(credential("a", 1));

    assertThat(told).isEmpty();
  }

  @Test
  void put_same_tellsNobody() {
    store.put(credential("a", "i", 1));
    store.put(credential("a", "i", 1));

    assertThat(told).isEmpty();
  }

  @Test
  void put_otherKey_tellsOfTheOldCredential() {
    store.put(credential("a", "i", 1));
    store.put(credential("a", "i", 2));

    assertThat(told).containsExactly(retired("a", "i", Cause.REPLACED));
  }

  @Test
  void put_otherIdentity_tellsOfTheOldIdentity() {
    store.put(credential("a", "i", 1));
    store.put(credential("a", "j", 1));
    store.put(credential("a", 1));

    assertThat(told)
        .containsExactly(retired("a", "i", Cause.REPLACED), retired("a", "j", Cause.REPLACED));
  }

  @Test
  void put_refused_tellsNobody() {
    store.put(credential("a", "i", 1));
    store.put(credential("b", "j", 2));

    assertThatThrownBy(() -> store.put(credential("b", "i", 3)))
        .isInstanceOf(DuplicatePskIdentityException.class);

    assertThat(told).isEmpty();
  }

  @Test
  void remove_endpointWithCredential_tellsOfIt() {
    store.put(credential("a", "i", 1));
    store.remove("a");

    assertThat(told).containsExactly(retired("a", "i", Cause.REMOVED));
  }

  @Test
  void remove_unknownEndpoint_tellsNobody() {
    store.remove("a");

    assertThat(told).isEmpty();
  }

  @Test
  void listener_whenCalled_isOnTheChangingThreadAndSeesTheChange() {
    List<Thread> threads = new ArrayList<>();
    List<Optional<?>> found = new ArrayList<>();
    store.addListener(
        retired -> {
          threads.add(Thread.currentThread());
          found.add(store.findPsk(retired.pskIdentity()));
          found.add(store.findByEndpoint(retired.endpoint()));
        });
    store.put(credential("a", "i", 1));
    store.put(credential("a", "j", 2));
    store.remove("a");

    assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    assertThat(found)
        .containsExactly(
            Optional.empty(),
            Optional.of(credential("a", "j", 2)),
            Optional.empty(),
            Optional.empty());
  }

  @Test
  void listener_mayChangeTheStoreItself() {
    store.addListener(retired -> store.remove(retired.endpoint()));
    store.put(credential("a", "i", 1));
    store.put(credential("a", "j", 2));

    assertThat(store.size()).isZero();
    assertThat(told)
        .containsExactlyInAnyOrder(
            retired("a", "i", Cause.REPLACED), retired("a", "j", Cause.REMOVED));
  }

  @Test
  void listeners_severalOfThem_areAllTold() {
    List<RetiredCredential> toldToo = new ArrayList<>();
    store.addListener(toldToo::add);
    store.put(credential("a", 1));
    store.remove("a");

    assertThat(toldToo).isEqualTo(told).hasSize(1);
  }

  @Test
  void listener_thatThrows_keepsNoOtherFromBeingTold_andTheChangeIsMade() {
    List<RetiredCredential> toldToo = new ArrayList<>();
    store.addListener(
        retired -> {
          throw new IllegalStateException("first");
        });
    store.addListener(
        retired -> {
          throw new IllegalStateException("second");
        });
    store.addListener(toldToo::add);
    store.put(credential("a", 1));

    assertThatThrownBy(() -> store.remove("a"))
        .hasMessage("first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));

    assertThat(toldToo).hasSize(1);
    assertThat(store.size()).isZero();
  }

  @Test
  void removeListener_thenRemove_tellsItNoLonger() {
    List<RetiredCredential> toldToo = new ArrayList<>();
    CredentialStoreListener listener = toldToo::add;
    store.addListener(listener);
    store.removeListener(listener);
    store.removeListener(listener);
    store.put(credential("a", 1));
    store.remove("a");

    assertThat(toldToo).isEmpty();
    assertThat(told).hasSize(1);
  }

  private static RetiredCredential retired(String endpoint, String identity, Cause cause) {
    return new RetiredCredential(endpoint, PskIdentity.of(identity), cause);
  }

  @Test
  void add_whateverComesOfIt_tellsNobody() {
    store.add(credential("a", "i", 1));
    store.add(credential("a", "i", 1));

    assertThatThrownBy(() -> store.add(credential("a", "i", 2)))
        .isInstanceOf(EndpointInUseException.class);

    assertThat(told).isEmpty();
  }
}
