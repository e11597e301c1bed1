// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.PatroniCluster;
import io.github.lwm2mcreds.store.jdbc.PostgresStores;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import io.github.lwm2mcreds.store.mirror.FailoverLoad.Device;
import io.github.lwm2mcreds.store.mirror.FailoverLoad.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A store on two servers under Patroni, whose leader is killed again and again while the store is
 * changed and mirrors follow it.
 */
class PatroniIT {
  private static final int KILLS = Integer.getInteger("lwm2mcreds.failovers", 2);

  private final PostgresStores stores = new PostgresStores();
  private final Random random = new Random();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void leaderIsKilled_synchronousMode_losesNoAcknowledgedChange() {
    killLeaders(true);
  }

  /** What is lost is what was acknowledged last: nothing that was acknowledged before another. */
  @Test
  void leaderIsKilled_asynchronousMode_losesTheLastChangesAtMost() {
    killLeaders(false);
  }

  private void killLeaders(boolean synchronous) {
    try (PatroniCluster cluster = new PatroniCluster(synchronous)) {
      stores.opened(PostgresStores.describe(cluster.url()).keyPolicy(KeyPolicy.strict()).create());
      List<MirroredCredentialStore> mirrors = List.of(mirror(cluster), mirror(cluster));
      DoubleSummaryStatistics seconds = new DoubleSummaryStatistics();
      try (FailoverLoad load = new FailoverLoad(cluster.url())) {
        for (int kill = 0; kill < KILLS; kill++) {
          seconds.accept(failOver(cluster, load));
        }
        load.stop();
        MirroredCredentialStore store = mirror(cluster);
        long missing = missing(load, store);
        long unacknowledged = unacknowledged(load, store);
        report(synchronous, seconds, load, missing, unacknowledged);
        assertThat(missing).isLessThanOrEqualTo(synchronous ? 0 : Long.MAX_VALUE);
        assertThat(load.failures().keySet()).allMatch(failure -> failure.startsWith("UNAVAILABLE"));
        assertSound(cluster);
        mirrors.forEach(mirror -> assertSame(mirror, store, load));
      } finally {
        stores.close();
      }
    }
  }

  private MirroredCredentialStore mirror(PatroniCluster cluster) {
    return stores.opened(MirroredCredentialStore.of(open(cluster)));
  }

  private static JdbcCredentialStore open(PatroniCluster cluster) {
    return PostgresStores.describe(cluster.url()).open();
  }

  /** Returns the seconds from the kill to the first change after it. */
  private double failOver(PatroniCluster cluster, FailoverLoad load) {
    long some = load.acknowledged() + random.nextInt(1_000); // to meet Patroni early and late
    await().atMost(Duration.ofMinutes(2)).until(() -> load.acknowledged() > some);
    Outage outage = load.expectOutage();
    cluster.killLeader();
    await().atMost(Duration.ofMinutes(2)).until(outage::isOver);
    cluster.restart();
    cluster.awaitWhole();
    return outage.seconds();
  }

  /** How many acknowledged changes a store lacks, all of which must be the last before a kill. */
  private static long missing(FailoverLoad load, MirroredCredentialStore store) {
    long all = 0;
    for (List<Device> devices : load.devices()) {
      boolean isTail = false;
      for (Device device : devices) {
        int missing = device.missingIn(store);
        assertThat(isTail && missing < device.acknowledged())
            .as("%s after a loss", device)
            .isFalse();
        isTail = (isTail || missing > 0) && !device.isLeft(); // where a leader was killed
        all += missing;
      }
    }
    return all;
  }

  /** How many changes a store has that were not acknowledged: each was said to be in doubt. */
  private static long unacknowledged(FailoverLoad load, MirroredCredentialStore store) {
    List<Device> devices =
        load.devices().stream()
            .flatMap(List::stream)
            .filter(device -> device.unacknowledgedIn(store) > 0)
            .toList();
    assertThat(devices)
        .allSatisfy(
            device -> {
              assertThat(device.unacknowledgedIn(store)).isOne();
              assertThat(device.failure()).endsWith("look whether it was made");
            });
    return devices.size();
  }

  private static void report(
      boolean synchronous,
      DoubleSummaryStatistics seconds,
      FailoverLoad load,
      long missing,
      long unacknowledged) {
    System.out.printf(
        "synchronous: %s, kills: %d, seconds to the next change: %.1f to %.1f, mean %.1f;"
            + " acknowledged changes: %d, missing: %d; failed and made all the same: %d of %s%n",
        synchronous,
        seconds.getCount(),
        seconds.getMin(),
        seconds.getMax(),
        seconds.getAverage(),
        load.acknowledged(),
        missing,
        unacknowledged,
        load.failures());
  }

  private void assertSound(PatroniCluster cluster) {
    List<StoreFinding> findings = new ArrayList<>();
    stores.opened(open(cluster)).check(findings::add, done -> {});
    assertThat(findings).isEmpty();
  }

  private static void assertSame(
      MirroredCredentialStore mirror, MirroredCredentialStore store, FailoverLoad load) {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(difference(mirror, store, load)).isEmpty());
  }

  /** What one has and the other has not. */
  private static Set<Object> difference(
      MirroredCredentialStore one, MirroredCredentialStore other, FailoverLoad load) {
    Set<Object> difference = new HashSet<>(content(one, load));
    for (Object each : content(other, load)) {
      if (!difference.remove(each)) {
        difference.add(each);
      }
    }
    return difference;
  }

  private static List<Object> content(MirroredCredentialStore store, FailoverLoad load) {
    Stream<Object> retired =
        load.devices().stream()
            .flatMap(List::stream)
            .flatMap(
                device ->
                    Stream.concat(
                        store.findRevocation(device.name()).stream(),
                        store.findRotation(device.name()).stream()));
    return Stream.concat(listed(store).stream(), retired).toList();
  }
}
