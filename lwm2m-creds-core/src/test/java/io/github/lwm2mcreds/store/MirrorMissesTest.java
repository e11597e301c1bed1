package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whoever asks for an identity that the mirror lacks waits until it has caught up, and not long.
 */
class MirrorMissesTest {
  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private final FaultyDataSource dataSource = new FaultyDataSource(file);
  private JdbcCredentialStore other;

  @BeforeEach
  void makeStore() {
    other = stores.opened(stores.describe(file).create());
  }

  @AfterEach
  void closeStores() {
    dataSource.release();
    stores.close();
  }

  private MirroredCredentialStore.Builder mirror() {
    return MirroredCredentialStore.builder(
            JdbcCredentialStore.dataSource(dataSource).keyWrapper(stores.keyWrapper()).open())
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
    other.put(credential("a", 1));
    assertThat(mirror.findPsk(PskIdentity.of("a"))).as("the mirror is behind").isEmpty();

    assertThat(get(ask(mirror, "a"))).contains(key(1));
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
    int before = dataSource.taken();
    dataSource.hold();

    List<CompletableFuture<Optional<PreSharedKey>>> answers =
        IntStream.range(0, 10_000).mapToObj(n -> ask(mirror, "d-" + n)).toList();
    assertThat(answers).noneMatch(CompletableFuture::isDone);
    dataSource.release();

    for (int n = 0; n < answers.size(); n++) {
      assertThat(get(answers.get(n)).isPresent()).isEqualTo(n == 5_000);
    }
    assertThat(dataSource.taken() - before).isBetween(1, 8);
  }

  @Test
  void findPskLater_tooManyWaiting_answersAtOnce() throws Exception {
    MirroredCredentialStore mirror = stores.opened(mirror().maxWaiting(10).build());
    dataSource.hold();
    CompletableFuture<Optional<PreSharedKey>> first = ask(mirror, "first");
    int before = dataSource.taken();
    await().until(() -> dataSource.taken() >= before); // the first is being looked for

    List<CompletableFuture<Optional<PreSharedKey>>> answers =
        IntStream.range(0, 100).mapToObj(n -> ask(mirror, "d-" + n)).toList();

    assertThat(answers.stream().filter(CompletableFuture::isDone)).hasSizeBetween(90, 91);
    assertThat(answers.get(99).getNow(null)).isEmpty();
    dataSource.release();
    assertThat(get(first)).isEmpty();
    assertThat(get(answers.get(0))).isEmpty();
  }

  @Test
  void findPskLater_databaseHangs_answersInTime() throws Exception {
    MirroredCredentialStore mirror =
        stores.opened(mirror().lookupTimeout(Duration.ofMillis(20)).build());
    dataSource.hold();

    assertThat(get(ask(mirror, "a"))).isEmpty();
  }

  @Test
  void findPskLater_databaseOutOfReach_isEmpty() throws Exception {
    MirroredCredentialStore mirror = stores.opened(mirror().build());
    dataSource.failAfter(0);

    assertThat(get(ask(mirror, "a"))).isEmpty();

    dataSource.recover();
    other.put(credential("a", 1));
    assertThat(get(ask(mirror, "a"))).as("a failure is not remembered").contains(key(1));
  }

  @Test
  void findPskLater_mirrorCloses_isEmpty() throws Exception {
    MirroredCredentialStore mirror = mirror().build();
    dataSource.hold();
    CompletableFuture<Optional<PreSharedKey>> answer = ask(mirror, "a");
    dataSource.release();
    mirror.close();

    assertThat(get(answer)).isEmpty();
  }

  @Test
  void unknownIdentities_askedAgainSoon_areRemembered() {
    UnknownIdentities unknown = new UnknownIdentities(1_000);
    unknown.add(new byte[] {1}, 5_000);

    assertThat(unknown.contains(new byte[] {1}, 5_999)).isTrue();
    assertThat(unknown.contains(new byte[] {1}, 6_000)).isFalse();
    assertThat(unknown.contains(new byte[] {2}, 5_000)).isFalse();
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
