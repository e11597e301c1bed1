// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Resealing and checking in PostgreSQL, whose functions on bytes are its own. */
class PostgresResealTest {
  private static final int DEVICES = 1_500; // two pages

  private final PostgresStores stores = new PostgresStores();
  private final String url = PostgresStores.newUrl();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void reseal_withAMirrorBeside_leavesOneKeyAndNothingToFind() {
    JdbcCredentialStore store = stores.opened(PostgresStores.describe(url).create());
    store.importAll(
        IntStream.range(0, DEVICES).mapToObj(n -> credential("d-" + n, n)).iterator(), done -> {});
    store.rotate(credential("d-1", "next", 9), Instant.now().plusSeconds(1_000));
    store.revoke("d-2", "lost");
    MirroredCredentialStore mirror =
        stores.opened(MirroredCredentialStore.of(PostgresStores.describe(url).open()));

    assertThat(store.reseal(done -> {})).isZero();

    List<StoreFinding> findings = new ArrayList<>();
    assertThat(store.check(findings::add, done -> {})).isEqualTo(DEVICES);
    assertThat(findings).isEmpty();
    mirror.put(credential("d-new", 1));
    assertThat(mirror.stream().count()).isEqualTo(DEVICES);
    assertThat(stores.opened(PostgresStores.describe(url).open()).stream().count())
        .isEqualTo(DEVICES);
  }
}
