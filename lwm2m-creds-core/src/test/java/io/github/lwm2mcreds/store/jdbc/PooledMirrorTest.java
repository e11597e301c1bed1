// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.StoreEngine.Registration;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirror over an application's pool, of which it holds a connection to be told of changes. */
class PooledMirrorTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final PostgresStores stores = new PostgresStores();
  private final String url = PostgresStores.newUrl();
  private JdbcCredentialStore other;

  @BeforeEach
  void createStore() {
    other = stores.opened(PostgresStores.describe(url).create());
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private HikariDataSource pool(int size) {
    HikariConfig config = Pools.config(url);
    config.setMaximumPoolSize(size);
    return stores.opened(new HikariDataSource(config));
  }

  private static boolean has(MirroredCredentialStore mirror, String endpoint) {
    return mirror.findPsk(PskIdentity.of(endpoint)).isPresent();
  }

  @Test
  void mirror_poolOfTwo_isToldAndGivesTheConnectionBackWhenClosed() {
    HikariDataSource pool = pool(2);
    MirroredCredentialStore mirror =
        MirroredCredentialStore.builder(Pools.describe(pool).open()).interval(HOUR).build();
    try {
      other.put(credential("a", 1));
      await().until(() -> has(mirror, "a"));
      mirror.put(credential("b", 2));
      await().until(() -> Pools.taken(pool) == 1);
    } finally {
      mirror.close();
    }
    await().until(() -> Pools.taken(pool) == 0);
  }

  /** The one connection is given back as soon as somebody waits for it. */
  @Test
  void mirror_poolOfOne_followsAndTakesChanges() {
    HikariDataSource pool = pool(1);
    MirroredCredentialStore mirror =
        stores.opened(MirroredCredentialStore.of(Pools.describe(pool).open()));

    for (int i = 0; i < 5; i++) {
      String endpoint = "e" + i;
      mirror.put(credential(endpoint, i));
      other.put(credential("o" + i, i));
      await().until(() -> has(mirror, endpoint));
    }

    await().until(() -> has(mirror, "o4"));
    await().until(() -> Pools.taken(pool) == 0);
  }

  @Test
  void onChange_notificationsForbidden_holdsNoConnectionAndIsNotTold() {
    HikariDataSource pool = pool(2);
    AtomicInteger told = new AtomicInteger();
    AtomicInteger otherTold = new AtomicInteger();
    JdbcCredentialStore store = stores.opened(Pools.describe(pool).notifications(false).open());

    try (Registration silent = store.onChange(told::incrementAndGet);
        Registration loud = other.onChange(otherTold::incrementAndGet)) {
      assertThat(silent).isNotSameAs(loud);
      await().until(() -> otherTold.get() > 0); // it listens by now
      int before = otherTold.get();
      other.put(credential("a", 1));
      await().until(() -> otherTold.get() > before);

      assertThat(told).hasValue(0);
      assertThat(Pools.taken(pool)).isZero();
    }
  }
}
