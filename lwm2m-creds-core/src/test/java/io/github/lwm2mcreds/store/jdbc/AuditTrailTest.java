// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.TestClock;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who did what, when and to whom; and never a key. */
class AuditTrailTest {
  private final SqliteStores stores = new SqliteStores();
  private final TestClock clock = new TestClock();
  private final Instant start = clock.instant();
  private JdbcCredentialStore store;

  @BeforeEach
  void makeStore() {
    store =
        stores.opened(
            stores.describe(stores.newFile()).clock(clock).actor("factory line 3").create());
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void put_newEndpoint_isAdded() {
    store.put(credential("a", "i", 1));

    assertThat(audit())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("hash")
        .containsExactly(
            new AuditEntry(
                1,
                start,
                "factory line 3",
                Action.ADDED,
                "a",
                Optional.of(PskIdentity.of("i")),
                Optional.of(key(1).checkValue().toString()),
                "",
                null));
  }

  @Test
  void put_endpointWithCredential_isReplacedThenAdded() {
    store.put(credential("a", "i", 1));
    clock.advance(Duration.ofHours(1));
    store.put(credential("a", "j", 2));

    assertThat(audit())
        .extracting(AuditEntry::number, AuditEntry::action, AuditTrailTest::what)
        .containsExactly(
            tuple(1, Action.ADDED, "i", 1),
            tuple(2, Action.REPLACED, "i", 1),
            tuple(3, Action.ADDED, "j", 2));
    assertThat(audit().get(2).time()).isEqualTo(start.plus(Duration.ofHours(1)));
  }

  private static Tuple tuple(long number, Action action, String identity, int key) {
    return Assertions.tuple(number, action, identity + " " + key(key).checkValue());
  }

  private static String what(AuditEntry entry) {
    return entry.pskIdentity().orElseThrow() + " " + entry.checkValue().orElse("-");
  }

  @Test
  void changeAs_somebodyElse_isNamed_andNobodyElseIs() {
    store.put(credential("a", "i", 1));

    boolean had = store.changeAs("token line-7", other -> other.remove("a"));
    store.put(credential("b", "j", 2));

    assertThat(had).isTrue();
    assertThat(audit())
        .extracting(AuditEntry::action, AuditEntry::actor)
        .containsExactly(
            Assertions.tuple(Action.ADDED, "factory line 3"),
            Assertions.tuple(Action.REMOVED, "token line-7"),
            Assertions.tuple(Action.ADDED, "factory line 3"));
  }

  @Test
  void changeAs_throughAMirror_isNamed_followedAndToldToListeners() {
    List<String> retired = new CopyOnWriteArrayList<>();
    try (MirroredCredentialStore mirror = MirroredCredentialStore.of(store)) {
      mirror.addListener(credential -> retired.add(credential.endpoint()));
      mirror.changeAs("token line-7", other -> other.put(credential("a", "i", 1)));
      assertThat(mirror.findPskIdentity("a")).contains(PskIdentity.of("i"));

      mirror.changeAs("CN=ops", other -> other.revoke("a", "stolen"));

      assertThat(mirror.findPskIdentity("a")).isEmpty();
      assertThat(retired).containsExactly("a");
      assertThat(mirror.audit(0))
          .extracting(AuditEntry::actor)
          .containsExactly("token line-7", "CN=ops");
    }
  }

  @Test
  void changeAs_thatIsRefused_changesNothing() {
    store.put(credential("a", "i", 1));

    assertThatThrownBy(
            () -> store.changeAs("token line-7", other -> other.add(credential("a", "j", 2))))
        .isInstanceOf(EndpointInUseException.class);
    assertThat(audit()).hasSize(1);
  }

  @Test
  void wholeLife_eachChange_isLogged() {
    store.put(credential("a", "i", 1));
    store.rotate(credential("a", "j", 2), start.plusSeconds(60));
    store.confirm(PskIdentity.of("j"));
    store.remove("a");
    store.put(credential("a", "k", 3));
    store.revoke("a", "stolen");
    store.reinstate(credential("a", "k", 4));
    store.reseal(done -> {});

    assertThat(audit())
        .extracting(AuditEntry::action)
        .containsExactly(
            Action.ADDED,
            Action.ROTATION_STARTED,
            Action.REPLACED,
            Action.ROTATED,
            Action.REMOVED,
            Action.ADDED,
            Action.REVOKED,
            Action.REINSTATED,
            Action.ADDED,
            Action.RESEALED);
    assertThat(audit())
        .extracting(AuditEntry::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 10).mapToObj(Long::valueOf).toList());
    assertThat(audit().get(6).reason()).isEqualTo("stolen");
    assertThat(audit().get(2).reason()).isEqualTo("rotated");
    assertThat(audit().get(9).endpoint()).isEmpty();
  }

  @Test
  void change_refused_isNotLogged() {
    store.put(credential("a", 1));
    store.put(credential("b", 2));

    assertThatThrownBy(() -> store.put(credential("b", "a", 3)))
        .isInstanceOf(DuplicatePskIdentityException.class);
    store.remove("unknown");
    store.put(credential("b", 2));

    assertThat(audit()).hasSize(2);
  }

  @Test
  void audit_afterANumber_givesTheLaterOnes() {
    store.putAll(IntStream.range(0, 2_500).mapToObj(n -> credential("d-" + n, n)).toList());

    assertThat(store.audit(0)).hasSize(2_500);
    assertThat(store.audit(1_200).findFirst().orElseThrow().number()).isEqualTo(1_201);
    assertThat(store.audit(2_500)).isEmpty();
  }

  @Test
  void change_byAnotherActor_isTheirs() {
    JdbcCredentialStore other =
        stores.opened(stores.describe(fileOf(store)).actor("operator").open());
    store.put(credential("a", 1));
    other.revoke("a", "gone");

    assertThat(audit()).extracting(AuditEntry::actor).containsExactly("factory line 3", "operator");
  }

  private static Path fileOf(JdbcCredentialStore store) {
    return Path.of(store.database().name());
  }

  private List<AuditEntry> audit() {
    return store.audit(0).toList();
  }
}
