// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.PostgresStores;
import io.github.lwm2mcreds.store.jdbc.ReplicatedPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A mirror whose database fails over to a standby that has not received the last change: the store
 * goes on from an older state, and numbers its changes as the lost ones were numbered.
 */
class PostgresFailoverTest {
  private final ReplicatedPostgres servers = new ReplicatedPostgres();
  private final PostgresStores stores = new PostgresStores();
  private final List<String> observed = new CopyOnWriteArrayList<>();
  private final List<RetiredCredential> retired = new CopyOnWriteArrayList<>();
  private MirroredCredentialStore mirror;

  @BeforeEach
  void revokeWhatTheStandbyDoesNotReceive() {
    ManagedCredentialStore store =
        stores.opened(
            PostgresStores.describe(servers.url()).keyPolicy(KeyPolicy.strict()).create());
    store.put(credential("dev-1", 1));
    store.put(credential("dev-2", 2));
    mirror = mirror();
    servers.awaitCaughtUp();
    servers.cutStandbyOff();
    store.revoke("dev-1", "stolen");
    await().until(() -> letIn().equals(List.of("dev-2")));
  }

  @AfterEach
  void close() {
    stores.close();
    servers.close();
  }

  /** The history is shorter than what the mirror has of it, so the loss shows by the number. */
  @Test
  void failover_nothingChangedSince_bringsBackWhatWasRevoked() {
    failOver(store -> {});

    eventually(() -> assertThat(letIn()).containsExactly("dev-1", "dev-2"));
    assertMirrorIsAsTheStore();
    eventually(() -> assertThat(observed).containsExactly("lost", "history changed", "resumed"));
  }

  @Test
  void failover_asManyChangesAsWereLost_mirrorIsAsTheNewPrimary() {
    failOver(store -> store.revoke("dev-2", "stolen, too"));

    assertRevokedAreOutAndOthersAreIn();
  }

  @Test
  void failover_moreChangesThanWereLost_mirrorIsAsTheNewPrimary() {
    failOver(
        store -> {
          store.revoke("dev-2", "stolen, too");
          store.put(credential("dev-3", 3));
        });

    assertRevokedAreOutAndOthersAreIn();
  }

  /** Fails over to a standby that is changed before the mirror can see it. */
  private void failOver(Consumer<ManagedCredentialStore> changes) {
    servers.killPrimary();
    await().until(() -> observed.contains("lost"));
    servers.promoteStandby(url -> changes.accept(open(url)));
    await().atMost(Duration.ofSeconds(30)).until(() -> observed.contains("resumed"));
  }

  private void assertRevokedAreOutAndOthersAreIn() {
    eventually(() -> assertThat(letIn()).containsExactly("dev-1"));
    assertThat(mirror.findPsk(PskIdentity.of("dev-1"))).contains(key(1));
    assertMirrorIsAsTheStore();
    eventually(() -> assertThat(observed).containsExactly("lost", "history changed", "resumed"));
    assertThat(mirror.findRevocation("dev-1")).isEmpty();
    assertThat(mirror.findRevocation("dev-2")).isPresent();
    eventually(() -> assertThat(retired).extracting(RetiredCredential::endpoint).contains("dev-2"));
  }

  private List<String> letIn() {
    return Stream.of("dev-1", "dev-2")
        .filter(device -> mirror.findPsk(PskIdentity.of(device)).isPresent())
        .toList();
  }

  private void assertMirrorIsAsTheStore() {
    assertThat(listed(mirror)).isEqualTo(listed(open(servers.url())));
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
  }

  private JdbcCredentialStore open(String url) {
    return stores.opened(PostgresStores.describe(url).open());
  }

  private MirroredCredentialStore mirror() {
    MirroredCredentialStore made =
        stores.opened(
            MirroredCredentialStore.builder(open(servers.url()))
                .interval(Duration.ofMillis(50))
                .observer(
                    new MirrorObserver() {
                      @Override
                      public void lost(CredentialStoreException failure) {
                        observed.add("lost");
                      }

                      @Override
                      public void historyChanged(Position followed, Position loaded) {
                        observed.add("history changed");
                      }

                      @Override
                      public void resumed() {
                        observed.add("resumed");
                      }
                    })
                .build());
    made.addListener(retired::add);
    return made;
  }
}
