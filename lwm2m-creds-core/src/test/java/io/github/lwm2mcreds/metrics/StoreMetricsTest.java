// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.metrics;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.jdbc.FaultyDataSource;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreMetricsTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private final Faults faults = new Faults();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - MINUTE);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private JdbcCredentialStore other;
  private MirroredCredentialStore mirror;
  private StoreMetrics metrics;

  @BeforeEach
  void bind() {
    other = stores.opened(stores.describe(file).create());
    other.put(credential("a", "a", 1));
    other.put(credential("b", 2));
  }

  @AfterEach
  void close() {
    stores.close();
  }

  private void start() {
    mirror =
        stores.opened(
            MirroredCredentialStore.builder(
                    stores
                        .describe(
                            new FaultyDataSource("jdbc:sqlite:" + file, faults), Clock.systemUTC())
                        .open())
                .interval(Duration.ofMillis(1))
                .refuseNewcomersAfter(Duration.ofMillis(500))
                .build());
    metrics =
        new StoreMetrics(mirror, List.of(), new SlowValues(mirror, tasks::add, nanoTime::get));
    metrics.bindTo(registry);
  }

  private double value(String name) {
    return registry.get("lwm2m.creds.store." + name).gauge().value();
  }

  @Test
  void gauges_followingMirror_areWhatTheStoreHolds() {
    start();
    other.rotate(credential("a", "a-2", 3), Instant.now().plusSeconds(3600));
    other.put(credential("c", 4));
    other.remove("b");
    other.put(credential("d", 5));

    await().until(() -> value("position") == 6);
    assertThat(value("credentials")).isEqualTo(3);
    assertThat(value("rotations")).isOne();
    assertThat(value("behind")).isZero();
    assertThat(value("following")).isOne();
    assertThat(value("lag")).isBetween(0.0, 60.0);
    await().until(() -> value("admits.newcomers") == 1);
  }

  @Test
  void gauges_databaseLost_sayForHowLong() {
    start();
    Instant lost = Instant.now();
    faults.failAfter(0);

    await().until(() -> value("following") == 0);
    await().until(() -> value("admits.newcomers") == 0);
    assertThat(value("lag")).isGreaterThan(0.5).isLessThan(60);
    assertThat(mirror.upToDateAt()).isBeforeOrEqualTo(lost.plusSeconds(1));
    assertThat(value("credentials")).as("it serves whom it knows").isEqualTo(2);
    faults.recover();
    await().until(() -> value("following") == 1 && value("admits.newcomers") == 1);
  }

  @Test
  void slowGauges_areFoundOutOnAnotherThread_atMostOnceAMinute() {
    SqliteStores.sql(
        file, "UPDATE lwm2m_creds_credential SET sealed = zeroblob(61) WHERE endpoint = x'62'");
    start();
    assertThat(value("keys.unopened")).as("not known yet").isNaN();
    assertThat(value("keys.oldest.age")).isNaN();
    assertThat(tasks).as("one at a time").hasSize(1);

    tasks.remove().run();

    assertThat(value("keys.unopened")).isOne();
    assertThat(value("keys.oldest.age")).isBetween(0.0, 60.0);
    nanoTime.addAndGet(MINUTE - 1);
    assertThat(value("keys.unopened")).isOne();
    assertThat(tasks).isEmpty();
    other.put(credential("b", 6));
    await().until(() -> value("position") > 2);
    nanoTime.addAndGet(1);
    assertThat(value("keys.unopened")).as("the last that is known").isOne();
    tasks.remove().run();
    assertThat(value("keys.unopened")).isZero();
  }

  @Test
  void slowGauges_databaseLost_keepWhatIsKnown() {
    start();
    tasks.remove().run();
    faults.failAfter(0);
    nanoTime.addAndGet(MINUTE);

    value("keys.unopened");
    tasks.remove().run();

    assertThat(value("keys.unopened")).isZero();
    assertThat(value("keys.oldest.age")).isBetween(0.0, 60.0);
    assertThat(tasks).isEmpty();
  }

  @Test
  void slowGauges_byThemselves_becomeKnown() {
    start();
    SimpleMeterRegistry own = new SimpleMeterRegistry();
    new StoreMetrics(mirror).bindTo(own);

    await().until(() -> own.get("lwm2m.creds.store.keys.unopened").gauge().value() == 0);
  }

  @Test
  void meters_closed_areGone() {
    start();
    SimpleMeterRegistry tagged = new SimpleMeterRegistry();
    new StoreMetrics(mirror, List.of(Tag.of("store", "b"))).bindTo(tagged);

    metrics.close();

    assertThat(registry.getMeters()).isEmpty();
    assertThat(tagged.getMeters())
        .isNotEmpty()
        .allMatch(meter -> "b".equals(meter.getId().getTag("store")));
  }
}
