// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CostTest {
  /** The process compiles in the first round and collects in the last. */
  private static final List<Cost> ROUNDS =
      Stream.of(usage(60, 0, 90), usage(70, 0, 70), usage(65, 30, 95))
          .map(usage -> Cost.of(usage, 2_000_000_000L))
          .toList();

  private static ServerUsage usage(long cpuMicros, long gcMicros, long processMicros) {
    long handshakes = 1_000;
    long nanos = handshakes * 1_000;
    return new ServerUsage(
        handshakes, cpuMicros * nanos, gcMicros * nanos, processMicros * nanos, 0, 0);
  }

  @Test
  void median_ofThreads_isTheMiddleRound() {
    assertThat(Cost.median(ROUNDS).cpuMicros()).isEqualTo(65);
  }

  @Test
  void median_ofCollectorAndProcess_isTheAverageWhichMissesNoCollection() {
    assertThat(Cost.median(ROUNDS).gcMicros()).isEqualTo(10);
    assertThat(Cost.median(ROUNDS).processMicros()).isEqualTo(85);
  }
}
