// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static io.github.lwm2mcreds.store.TestCredentials.summary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.PutOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store whose changes are acknowledged once a second server has them. */
class SynchronousReplicaTest {
  private final ReplicatedPostgres servers = new ReplicatedPostgres();
  private final PostgresStores stores = new PostgresStores();

  @AfterEach
  void close() {
    stores.close();
    servers.close();
  }

  @Test
  void put_primaryDiesBeforeTheStandbyHasIt_isNotAcknowledgedAndSaysToLook() {
    JdbcCredentialStore store =
        stores.opened(
            PostgresStores.describe(servers.url()).keyPolicy(KeyPolicy.strict()).create());
    servers.replicateSynchronously();
    store.put(credential("a", 1));
    servers.cutStandbyOff();

    CompletableFuture<PutOutcome> put =
        CompletableFuture.supplyAsync(() -> store.put(credential("b", 2)));
    await().until(servers::isCommitWaiting);
    assertThat(put).isNotDone();
    servers.killPrimary();

    assertThat(put)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            CredentialStoreException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
        .withMessageMatching(
            "jdbc:postgresql://[^ ]+ was lost while the change was committed:"
                + " look whether it was made");

    servers.promoteStandby(url -> {});
    assertThat(listed(store)).containsExactly(summary(credential("a", 1)));
    assertThat(store.put(credential("b", 2))).isEqualTo(PutOutcome.ADDED);
  }
}
