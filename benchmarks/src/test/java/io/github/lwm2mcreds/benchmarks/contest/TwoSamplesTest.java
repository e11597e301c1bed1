// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TwoSamplesTest {
  private static double[] numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).asDoubleStream().toArray();
  }

  /** Times have a long tail, and the clock makes many of them equal. */
  private static double[] times(Random random, int size, double shift) {
    return DoubleStream.generate(() -> Math.rint(10 * Math.exp(random.nextGaussian())) / 10 + shift)
        .limit(size)
        .toArray();
  }

  @Test
  void distance_isTheLargestOfTheDistributionFunctions() {
    assertThat(new TwoSamples(numbers(1, 10), numbers(6, 15)).distance()).isEqualTo(0.5);
    assertThat(new TwoSamples(numbers(1, 10), numbers(1, 10)).distance()).isZero();
    assertThat(new TwoSamples(numbers(1, 3), numbers(4, 6)).distance()).isEqualTo(1);
  }

  /** The largest u of two samples of three is 4.5 from its mean, with a variance of 5.25. */
  @Test
  void mannWhitney_ofASmallSample_isThatOfItsNormalApproximation() {
    double p = new TwoSamples(numbers(1, 3), numbers(4, 6)).mannWhitney();

    assertThat(p).isCloseTo(0.0495, within(0.0001));
    assertThat(new TwoSamples(numbers(4, 6), numbers(1, 3)).mannWhitney())
        .isCloseTo(p, within(1e-9));
  }

  /** Of 1.358, the probability is 0.05, as tables of the distribution have it. */
  @Test
  void kolmogorovSmirnov_ofLargeSamples_isThatOfTheTables() {
    int size = 100_000;
    int shift = (int) Math.round(1.358 * Math.sqrt(2.0 / size) * size);

    assertThat(
            new TwoSamples(numbers(1, size), numbers(1 + shift, size + shift)).kolmogorovSmirnov())
        .isCloseTo(0.05, within(0.001));
  }

  @Test
  void samples_ofOneDistribution_areToldApartAsRarelyAsAlphaSays() {
    Random random = new Random(1);
    long apart =
        IntStream.range(0, 300)
            .filter(
                i -> new TwoSamples(times(random, 1000, 0), times(random, 1000, 0)).areToldApart())
            .count();

    assertThat(apart).isLessThanOrEqualTo(9);
  }

  @Test
  void samples_thatDifferByALittle_areToldApart() {
    Random random = new Random(1);

    assertThat(new TwoSamples(times(random, 10_000, 0), times(random, 10_000, 0.1)).areToldApart())
        .isTrue();
  }
}
