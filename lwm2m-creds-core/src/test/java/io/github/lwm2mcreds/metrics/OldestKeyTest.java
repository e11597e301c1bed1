// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.metrics;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OldestKeyTest {
  private final TestClock clock = new TestClock();
  private final Faults faults = new Faults();
  private final InMemoryEngine store =
      new InMemoryEngine(new InMemoryEngine(KeyPolicy.strict(), clock), faults);

  private final OldestKey oldest = new OldestKey(store);

  /** Lets an hour pass, and returns the time then. */
  private Instant later() {
    clock.advance(Duration.ofHours(1));
    return clock.instant();
  }

  @Test
  void find_emptyStore_findsNone() {
    assertThat(oldest.find()).isEmpty();
  }

  @Test
  void find_keysThatStay_findsTheFirst() {
    Instant first = later();
    store.put(credential("a", 1));
    later();
    store.put(credential("b", 2));

    assertThat(oldest.find()).contains(first);
    assertThat(oldest.find()).contains(first);
  }

  @Test
  void find_firstKeyReplacedOrRemovedOrRevoked_findsTheNext() {
    store.put(credential("a", 1));
    Instant second = later();
    store.put(credential("b", 2));
    Instant third = later();
    store.put(credential("c", 3));
    Instant last = later();
    store.put(credential("a", 4));

    assertThat(oldest.find()).contains(second);
    store.remove("b");
    assertThat(oldest.find()).contains(third);
    store.revoke("c", "stolen");
    assertThat(oldest.find()).contains(last);
    store.remove("a");
    assertThat(oldest.find()).isEmpty();
    assertThat(oldest.find()).isEmpty();
    Instant again = later();
    store.put(credential("a", 5));
    assertThat(oldest.find()).contains(again);
  }

  @Test
  void find_whileADeviceRotates_findsItsOldKey_andThenTheNewOne() {
    Instant old = later();
    store.put(credential("a", "a", 1));
    Instant started = later();
    store.rotate(credential("a", "a-2", 2), started.plusSeconds(60));

    assertThat(oldest.find()).contains(old);
    store.confirm(PskIdentity.of("a-2"));
    later();
    store.put(credential("b", 3));

    assertThat(oldest.find()).as("since it got the key").contains(started);
  }

  @Test
  void find_identityGivenToAnother_findsTheOthers() {
    store.put(credential("a", "shared", 1));
    assertThat(oldest.find()).isPresent();
    store.remove("a");
    Instant others = later();
    store.put(credential("b", "shared", 1));

    assertThat(oldest.find()).contains(others);
  }

  @Test
  void find_olderStateRestored_beginsAnew() {
    Instant first = later();
    store.put(credential("a", 1));
    Runnable backup = store.backup();
    Instant second = later();
    store.put(credential("b", 2));
    store.remove("a");
    assertThat(oldest.find()).contains(second);

    backup.run();
    assertThat(oldest.find()).as("the history is shorter").contains(first);
    store.remove("a");
    Instant other = later();
    store.put(credential("c", 3));
    assertThat(oldest.find()).contains(other);
  }

  @Test
  void find_asManyChangesAsThereMayBe_readsTheHistoryOnce() {
    for (int i = 0; i < 100; i++) {
      store.put(credential("a", i));
    }
    Instant now = clock.instant();
    assertThat(oldest.find()).contains(now);
    int before = faults.accesses();

    assertThat(oldest.find()).contains(now);

    assertThat(faults.accesses() - before).as("the history, the owner, the key").isLessThan(5);
  }
}
