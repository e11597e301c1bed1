// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.PskIdentity;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DiagnosisQueueTest {
  private final AtomicInteger done = new AtomicInteger();
  private long now;
  private final DiagnosisQueue queue = new DiagnosisQueue(Runnable::run, () -> now);

  private boolean submit(int device) {
    return queue.submit(PskIdentity.of("device-" + device), () -> done::incrementAndGet);
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void submit_sameIdentityAgain_isLeftOutForFiveSeconds() {
    assertThat(submit(1)).isTrue();
    pass(4999);
    assertThat(submit(1)).isFalse();
    assertThat(submit(2)).isTrue();
    pass(1);
    assertThat(submit(1)).isTrue();

    assertThat(done).hasValue(3);
    assertThat(queue.leftOut()).isEqualTo(1);
  }

  @Test
  void submit_floodOfIdentities_isTwentyAndThenTenASecond() {
    for (int i = 0; i < 1000; i++) {
      submit(i);
    }
    assertThat(done).hasValue(20);

    for (int i = 1000; i < 11_000; i++) {
      pass(1);
      submit(i);
    }
    assertThat(done).hasValue(120);
    assertThat(queue.leftOut()).isEqualTo(11_000 - 120);
  }

  @Test
  void submit_afterALongPause_isTwentyAtOnceAndNotMore() {
    pass(TimeUnit.DAYS.toMillis(400));
    for (int i = 0; i < 1000; i++) {
      submit(i);
    }

    assertThat(done).hasValue(20);
  }

  @Test
  void submit_taskThatIsLeftOut_isNotEvenMade() {
    assertThat(submit(1)).isTrue();

    assertThat(
            queue.submit(
                PskIdentity.of("device-1"),
                () -> {
                  throw new AssertionError("asked for the task");
                }))
        .isFalse();
  }

  @Test
  void submit_threadThatHasEnoughToDo_isLeftOut() {
    DiagnosisQueue full =
        new DiagnosisQueue(
            task -> {
              throw new RejectedExecutionException();
            },
            () -> now);

    assertThat(full.submit(PskIdentity.of("d"), () -> done::incrementAndGet)).isFalse();
    assertThat(full.leftOut()).isEqualTo(1);
    assertThat(done).hasValue(0);
  }
}
