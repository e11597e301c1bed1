// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EffortTest {
  @Test
  void isWarm_beforeEveryServerMadeAHundredThousandHandshakes_isFalse() {
    assertThat(Effort.FULL.isWarm(5, 99_999)).isFalse();
    assertThat(Effort.FULL.isWarm(5, 100_000)).isTrue();
  }

  @Test
  void isWarm_beforeTheRoundsForIt_isFalse() {
    assertThat(Effort.FULL.isWarm(4, 1_000_000)).isFalse();
  }

  @Test
  void isWarm_ofASlowServer_isTrueAfterFourTimesTheRounds() {
    assertThat(Effort.FULL.isWarm(19, 8_000)).isFalse();
    assertThat(Effort.FULL.isWarm(20, 8_000)).isTrue();
  }

  @Test
  void isWarm_ofTheQuickestEffort_takesOneRound() {
    assertThat(Effort.QUICK.isWarm(0, 0)).isFalse();
    assertThat(Effort.QUICK.isWarm(1, 10)).isTrue();
  }
}
