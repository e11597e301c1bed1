// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static io.github.lwm2mcreds.store.TestCredentials.summary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.TestCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many credentials at once: all or none, in order, and again without effect. */
@ParameterizedClass
@EnumSource
class PutAllTest {
  @Parameter private ManagedStores kind;

  private final SqliteStores stores = new SqliteStores();
  private final List<RetiredCredential> told = new ArrayList<>();
  private JdbcCredentialStore database;
  private ManagedCredentialStore store;

  @BeforeEach
  void makeStore() {
    database = stores.describe(stores.newFile()).create();
    store = stores.opened(kind.over(database));
    store.addListener(told::add);
  }

  @AfterEach
  void closeStores() {
    List<StoreFinding> findings = new ArrayList<>();
    database.check(findings::add, done -> {});
    assertThat(findings).isEmpty();
    stores.close();
  }

  @Test
  void putAll_more_thanAPage_putsAllIn() {
    List<DeviceCredential> many = devices(0, 2_345);

    assertThat(store.putAll(many)).isEqualTo(2_345);

    assertThat(store.size()).isEqualTo(2_345);
    assertThat(listed(store))
        .containsExactlyInAnyOrderElementsOf(many.stream().map(TestCredentials::summary).toList());
    assertThat(told).isEmpty();
  }

  @Test
  void putAll_again_changesNothing() {
    store.putAll(devices(0, 500));
    long logged = store.audit(0).count();

    assertThat(store.putAll(devices(0, 500))).isZero();

    assertThat(store.audit(0)).hasSize((int) logged);
    assertThat(store.size()).isEqualTo(500);
    assertThat(told).isEmpty();
  }

  @Test
  void putAll_someThereAlready_countsTheOthers() {
    store.putAll(devices(0, 10));

    assertThat(store.putAll(devices(5, 20))).isEqualTo(10);

    assertThat(store.size()).isEqualTo(20);
  }

  @Test
  void putAll_nothing_changesNothing() {
    assertThat(store.putAll(List.of())).isZero();
    assertThat(store.audit(0)).isEmpty();
  }

  @Test
  void putAll_identityOfAnotherInTheMiddle_putsNoneIn() {
    store.put(credential("owner", "taken", 1));
    List<DeviceCredential> bad = devices(0, 300);
    bad.add(150, credential("thief", "taken", 2));

    assertThatThrownBy(() -> store.putAll(bad))
        .isInstanceOf(DuplicatePskIdentityException.class)
        .hasMessageContaining("'taken'");

    assertThat(listed(store)).containsExactly(summary(credential("owner", "taken", 1)));
    assertThat(store.size()).isOne();
    assertThat(store.audit(0)).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void putAll_revokedInTheMiddle_putsNoneIn() {
    store.revoke("device-150", "lost");

    assertThatThrownBy(() -> store.putAll(devices(0, 300)))
        .isInstanceOfSatisfying(
            RevokedCredentialException.class,
            e -> assertThat(e.endpoint()).isEqualTo("device-150"));
    assertThat(store.size()).isZero();
  }

  @Test
  void putAll_weakKeyAtTheEnd_putsNoneIn() {
    List<DeviceCredential> bad = devices(0, 300);
    bad.add(DeviceCredential.of("weak", PreSharedKey.copyOf(new byte[16])));

    assertThatThrownBy(() -> store.putAll(bad)).isInstanceOf(WeakKeyException.class);
    assertThat(store.size()).isZero();
  }

  @Test
  void putAll_replacedInTheMiddleOfARefusedBatch_isKept() {
    store.put(credential("a", 1));
    store.put(credential("b", 2));

    assertThatThrownBy(() -> store.putAll(List.of(credential("a", 3), credential("c", "b", 4))))
        .isInstanceOf(DuplicatePskIdentityException.class);

    assertThat(store.findByEndpoint("a")).contains(credential("a", 1));
    assertThat(told).isEmpty();
  }

  @Test
  void putAll_sameEndpointTwice_lastOneCounts() {
    assertThat(
            store.putAll(
                List.of(credential("a", "i", 1), credential("a", "j", 2), credential("a", "i", 3))))
        .isEqualTo(3);

    assertThat(listed(store)).containsExactly(summary(credential("a", "i", 3)));
    assertThat(told)
        .containsExactly(
            new RetiredCredential("a", PskIdentity.of("i"), Cause.REPLACED),
            new RetiredCredential("a", PskIdentity.of("j"), Cause.REPLACED));
  }

  @Test
  void putAll_identityGivenUpBefore_goesToAnother() {
    store.put(credential("a", "i", 1));

    store.putAll(List.of(credential("a", "j", 1), credential("b", "i", 2)));

    assertThat(store.findByPskIdentity(PskIdentity.of("i"))).contains(credential("b", "i", 2));
    assertThat(store.findByEndpoint("a")).contains(credential("a", "j", 1));
  }

  @Test
  void putAll_identityGivenUpAfterwards_isRefused() {
    store.put(credential("a", "i", 1));

    assertThatThrownBy(
            () -> store.putAll(List.of(credential("b", "i", 2), credential("a", "j", 1))))
        .isInstanceOf(DuplicatePskIdentityException.class);
    assertThat(listed(store)).containsExactly(summary(credential("a", "i", 1)));
  }

  @Test
  void putAll_identitiesInACircle_movesEach() {
    store.putAll(List.of(credential("a", 1), credential("b", 2), credential("c", 3)));

    store.putAll(
        List.of(
            credential("a", "between", 1),
            credential("c", "a", 3),
            credential("b", "c", 2),
            credential("a", "b", 1)));

    assertThat(listed(store))
        .containsExactly(
            summary(credential("a", "b", 1)),
            summary(credential("b", "c", 2)),
            summary(credential("c", "a", 3)));
  }

  private static List<DeviceCredential> devices(int from, int to) {
    return new ArrayList<>(
        IntStream.range(from, to)
            .mapToObj(n -> credential("device-" + n, "identity-" + n, n))
            .toList());
  }
}
