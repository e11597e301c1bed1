// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether two samples of times may come from one distribution, by two tests that assume nothing of
 * its form: Kolmogorov and Smirnov's, which looks at the whole, and Mann and Whitney's, which looks
 * at whether one tends to be larger. Both are the asymptotic ones, for samples of some hundreds and
 * more.
 */
final class TwoSamples {
  /** The risk to call two samples of one distribution different, of both tests together. */
  static final double ALPHA = 0.01;

  private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};
  private static final int TERMS = 100; // of a series that needs no more than a few

  private final double[] one;
  private final double[] other;

  /** Copies the samples. */
  TwoSamples(double[] one, double[] other) {
    this.one = one.clone();
    this.other = other.clone();
    Arrays.sort(this.one);
    Arrays.sort(this.other);
  }

  /** Returns the largest distance of the two distribution functions. */
  double distance() {
    double largest = 0;
    for (int i = 0, k = 0; i < one.length && k < other.length; ) {
      double value = Math.min(one[i], other[k]);
      i = after(one, i, value);
      k = after(other, k, value);
      largest = Math.max(largest, Math.abs((double) i / one.length - (double) k / other.length));
    }
    return largest;
  }

  private static int after(double[] sorted, int from, double value) {
    int i = from;
    while (i < sorted.length && sorted[i] == value) {
      i++;
    }
    return i;
  }

  /** Returns how probable such a distance, or a larger one, is within one distribution. */
  double kolmogorovSmirnov() {
    double root = Math.sqrt((double) one.length * other.length / (one.length + other.length));
    double lambda = (root + 0.12 + 0.11 / root) * distance();
    if (lambda < 0.2) {
      return 1; // the series converges slowly there, to nearly 1
    }
    double sum = 0;
    for (int term = 1; term <= TERMS; term++) {
      double part = 2 * Math.exp(-2.0 * term * term * lambda * lambda);
      sum += term % 2 == 1 ? part : -part;
    }
    return Math.max(0, Math.min(1, sum));
  }

  /** Returns how probable it is that one of the samples tends to be so much larger by chance. */
  double mannWhitney() {
    double n = one.length;
    double m = other.length;
    double ranks = 0;
    double ties = 0;
    for (int i = 0, k = 0; i < one.length || k < other.length; ) {
      double value = Math.min(at(one, i), at(other, k));
      int nextI = after(one, i, value);
      int nextK = after(other, k, value);
      double tied = nextI - i + nextK - k;
      ranks += (nextI - i) * (i + k + (tied + 1) / 2);
      ties += tied * tied * tied - tied;
      i = nextI;
      k = nextK;
    }
    double u = ranks - n * (n + 1) / 2;
    double variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
    double z = variance == 0 ? 0 : Math.abs(u - n * m / 2) / Math.sqrt(variance);
    return complementaryError(z / Math.sqrt(2));
  }

  private static double at(double[] sorted, int i) {
    return i < sorted.length ? sorted[i] : Double.POSITIVE_INFINITY;
  }

  /** Abramowitz and Stegun, 7.1.26, for x from 0; wrong by no more than 1.5e-7. */
  private static double complementaryError(double x) {
    double t = 1 / (1 + 0.3275911 * x);
    double polynomial =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return polynomial * Math.exp(-x * x);
  }

  /** Returns whether the samples can be told apart: one of the tests says so at half the risk. */
  boolean areToldApart() {
    return Math.min(kolmogorovSmirnov(), mannWhitney()) < ALPHA / 2;
  }

  private static double quantile(double[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1, part * sorted.length)];
  }

  /**
   * Returns the figures.
   *
   * @param nameOfOne what the first sample is called in them
   * @param nameOfOther what the second is called
   */
  Map<String, Double> figures(String nameOfOne, String nameOfOther) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("pairs", (double) one.length);
    for (double part : QUANTILES) {
      String percent = Math.round(part * 100) + " %, ";
      figures.put(percent + nameOfOne, quantile(one, part));
      figures.put(percent + nameOfOther, quantile(other, part));
    }
    figures.put("distance", distance());
    figures.put("Kolmogorov-Smirnov p", kolmogorovSmirnov());
    figures.put("Mann-Whitney p", mannWhitney());
    figures.put("told apart", areToldApart() ? 1.0 : 0.0);
    return figures;
  }
}
