// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private long now = Long.MAX_VALUE - 5; // what System.nanoTime may return, and wrap
  private final Allowance<String> allowance = new Allowance<>(3, 2, 2, () -> now);

  private int taken(String who) {
    int taken = 0;
    while (allowance.take(who)) {
      taken++;
    }
    return taken;
  }

  @Test
  void take_atOnce_isBounded_forEachByItself() {
    assertThat(taken("a")).isEqualTo(3);
    assertThat(taken("b")).isEqualTo(3);
    assertThat(taken("a")).isZero();
  }

  @Test
  void take_asTimePasses_isAllowedAgain_upToTheBound() {
    taken("a");

    now += TimeUnit.MILLISECONDS.toNanos(499);
    assertThat(taken("a")).isZero();
    now += TimeUnit.MILLISECONDS.toNanos(1);
    assertThat(taken("a")).isEqualTo(1);
    now += TimeUnit.DAYS.toNanos(1);
    assertThat(taken("a")).isEqualTo(3);
  }

  @Test
  void take_byMoreThanAreRemembered_forgetsTheOneThatWasQuietForLongest() {
    taken("a");
    taken("b");
    allowance.take("a"); // refused, but not quiet
    taken("c");

    assertThat(allowance.remembered()).isEqualTo(2);
    assertThat(taken("a")).isZero();
    assertThat(taken("b")).isEqualTo(3);
  }
}
