// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.jdbc.PostgresStores;
import io.github.lwm2mcreds.store.jdbc.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirror of a PostgreSQL store while the database goes and comes, and is told of changes. */
class PostgresMirrorOutageTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final PostgresStores stores = new PostgresStores();
  private final List<String> observed = new CopyOnWriteArrayList<>();
  private final String url = PostgresStores.newUrl();

  @BeforeEach
  void createStore() {
    stores.opened(PostgresStores.describe(url).keyPolicy(KeyPolicy.strict()).create());
  }

  @AfterEach
  void close() {
    stores.close();
  }

  @Test
  void mirror_databaseStopsAndStarts_servesFromMemoryAndCatchesUp() {
    MirroredCredentialStore mirror = mirror(Duration.ofMillis(50));
    mirror.put(credential("a", 1));

    TestPostgres.shared().stop();
    try {
      await().until(() -> observed.contains("lost UNAVAILABLE"));

      assertThat(mirror.findPsk(PskIdentity.of("a"))).contains(key(1));
      assertThat(mirror.findPskLater(PskIdentity.of("b")))
          .succeedsWithin(Duration.ofSeconds(10))
          .satisfies(found -> assertThat(found).isEmpty());
      assertThatThrownBy(() -> mirror.put(credential("b", 2)))
          .isInstanceOfSatisfying(
              CredentialStoreException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
          .hasMessageNotContaining("password");
      assertThat(mirror.size()).isOne();
    } finally {
      TestPostgres.shared().start();
    }
    otherProcess().put(credential("c", 3));

    await().until(() -> mirror.findPsk(PskIdentity.of("c")).isPresent());
    await().until(() -> observed.contains("resumed"));
    assertThat(observed).containsExactly("lost UNAVAILABLE", "resumed");
    mirror.put(credential("b", 2));
    assertThat(mirror.size()).isEqualTo(3);
  }

  @Test
  void mirror_thatNeverLooksByItself_isToldOfChanges() {
    MirroredCredentialStore mirror = mirror(HOUR);
    List<RetiredCredential> retired = new CopyOnWriteArrayList<>();
    mirror.addListener(retired::add);
    ManagedCredentialStore other = otherProcess();

    other.put(credential("a", 1));
    await().until(() -> mirror.findPsk(PskIdentity.of("a")).isPresent());
    other.revoke("a", "lost");
    await().until(() -> mirror.findPsk(PskIdentity.of("a")).isEmpty());

    await()
        .untilAsserted(
            () ->
                assertThat(retired)
                    .containsExactly(
                        new RetiredCredential(
                            "a", PskIdentity.of("a"), RetiredCredential.Cause.REVOKED)));
  }

  private MirroredCredentialStore mirror(Duration interval) {
    return stores.opened(
        MirroredCredentialStore.builder(PostgresStores.describe(url).open())
            .interval(interval)
            .observer(
                new MirrorObserver() {
                  @Override
                  public void lost(CredentialStoreException failure) {
                    observed.add("lost " + failure.reason());
                  }

                  @Override
                  public void resumed() {
                    observed.add("resumed");
                  }
                })
            .build());
  }

  private ManagedCredentialStore otherProcess() {
    return stores.opened(PostgresStores.describe(url).open());
  }
}
