// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.TestClock;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever asks for an identity that the mirror lacks waits until it has caught up, and not long.
 */
@ParameterizedClass
@EnumSource(Engines.class)
class MirrorMissesTest {
  private final SqliteStores stores = new SqliteStores();
  private final Faults faults = new Faults();
  private final Engines.Shared shared;
  private final StoreEngine other;

  MirrorMissesTest(Engines engine) {
    shared = engine.make(new TestClock(), stores);
    other = shared.other();
  }

  @AfterEach
  void closeStores() {
    faults.release();
    stores.close();
  }

  private MirroredCredentialStore.Builder mirror() {
    return MirroredCredentialStore.builder(shared.open(faults))
        .interval(Duration.ofHours(1))
        .lookupTimeout(Duration.ofMinutes(1));
  }

  private static CompletableFuture<Optional<PreSharedKey>> ask(
      MirroredCredentialStore mirror, String identity) {
    return mirror.findPskLater(PskIdentity.of(identity)).toCompletableFuture();
  }

  private static Optional<PreSharedKey> get(CompletableFuture<Optional<PreSharedKey>> answer)
      throws Exception {
    return answer.get(30, TimeUnit.SECONDS);
  }

  @Test
  void findPskLater_justAddedElsewhere_isFound() throws Exception {
    MirroredCredentialStore mirror = stores.opened(mirror().build());
    faults.hold(); // an engine that wakes its mirrors would have it follow by itself
    other.put(credential("a", 1));
    assertThat(mirror.findPsk(PskIdentity.of("a"))).as("the mirror is behind").isEmpty();

    CompletableFuture<Optional<PreSharedKey>> answer = ask(mirror, "a");
    faults.release();

    assertThat(get(answer)).contains(key(1));
    assertThat(mirror.findByEndpoint("a")).isPresent();
  }

  @Test
  void findPskLater_unknown_isEmpty() throws Exception {
    MirroredCredentialStore mirror = stores.opened(mirror().build());

    assertThat(get(ask(mirror, "unknown"))).isEmpty();
  }

  @Test
  void findPskLater_tenThousandWaiting_costAFewQueries() throws Exception {
    MirroredCredentialStore mirror = stores.opened(mirror().build());
    other.put(credential("d-5000", 1));
    int before = faults.accesses();
    faults.hold();

    List<CompletableFuture<Optional<PreSharedKey>>> answers =
        IntStream.range(0, 10_000).mapToObj(n -> ask(mirror, "d-" + n)).toList();
    assertThat(answers).noneMatch(CompletableFuture::isDone);
    faults.release();

    for (int n = 0; n < answers.size(); n++) {
      assertThat(get(answers.get(n)).isPresent()).isEqualTo(n == 5_000);
    }
    assertThat(faults.accesses() - before).isBetween(1, 8);
  }

  @Test
  void findPskLater_tooManyWaiting_answersAtOnce() throws Exception {
    MirroredCredentialStore mirror = stores.opened(mirror().maxWaiting(10).build());
    faults.hold();
    CompletableFuture<Optional<PreSharedKey>> first = ask(mirror, "first");
    await().until(() -> faults.waiting() > 0); // the first is being looked for

    List<CompletableFuture<Optional<PreSharedKey>>> answers =
        IntStream.range(0, 100).mapToObj(n -> ask(mirror, "d-" + n)).toList();

    assertThat(answers.stream().filter(CompletableFuture::isDone)).hasSizeBetween(90, 91);
    assertThat(answers.get(99).getNow(null)).isEmpty();
    faults.release();
    assertThat(get(first)).isEmpty();
    assertThat(get(answers.get(0))).isEmpty();
  }

  @Test
  void findPskLater_databaseHangs_answersInTime() throws Exception {
    MirroredCredentialStore mirror =
        stores.opened(mirror().lookupTimeout(Duration.ofMillis(20)).build());
    faults.hold();

    assertThat(get(ask(mirror, "a"))).isEmpty();
  }

  @Test
  void findPskLater_databaseOutOfReach_isEmpty() throws Exception {
    MirroredCredentialStore mirror = stores.opened(mirror().build());
    faults.failAfter(0);

    assertThat(get(ask(mirror, "a"))).isEmpty();

    faults.recover();
    other.put(credential("a", 1));
    assertThat(get(ask(mirror, "a"))).as("a failure is not remembered").contains(key(1));
  }

  @Test
  void findPskLater_mirrorCloses_isEmpty() throws Exception {
    MirroredCredentialStore mirror = mirror().build();
    faults.hold();
    CompletableFuture<Optional<PreSharedKey>> answer = ask(mirror, "a");
    faults.release();
    mirror.close();

    assertThat(get(answer)).isEmpty();
  }

  @Test
  void unknownIdentities_askedAgainSoon_areRemembered() {
    UnknownIdentities unknown = new UnknownIdentities(1_000);
    unknown.add(PskIdentity.of("1"), 5_000);

    assertThat(unknown.contains(PskIdentity.of("1"), 5_999)).isTrue();
    assertThat(unknown.contains(PskIdentity.of("1"), 6_000)).isFalse();
    assertThat(unknown.contains(PskIdentity.of("2"), 5_000)).isFalse();
  }

  @Test
  void builder_impossibleSettings_areRefused() {
    assertThatThrownBy(() -> mirror().maxWaiting(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> mirror().interval(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> mirror().lookupTimeout(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
