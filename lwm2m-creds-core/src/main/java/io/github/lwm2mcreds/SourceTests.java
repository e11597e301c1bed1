// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.Arrays;
import java.util.Optional;

/**
 * Health tests of NIST SP 800-90B §4.4 on bytes of a source, and one more.
 *
 * <p>The samples are bytes that the operating system has conditioned, not raw noise. They should
 * have full entropy, so H is 8 bits a sample; alpha, the probability of a false alarm, is
 * 2<sup>-40</sup>, the least that §4.3 recommends. The tests find a source that is stuck, strongly
 * biased or short in period, or that gives the same bytes twice. They cannot find a conditioned
 * source without entropy, such as a hash of a counter.
 */
final class SourceTests {
  static final double ENTROPY = 8;
  static final int ALPHA_EXPONENT = 40;

  /** Bytes in a window of samples that are not bits (§4.4.2). */
  static final int WINDOW = 512;

  static final int REPETITION_CUTOFF = repetitionCutoff(ENTROPY, ALPHA_EXPONENT);
  static final int PROPORTION_CUTOFF = proportionCutoff(WINDOW, ENTROPY, ALPHA_EXPONENT);

  private static final int BLOCK = 16;

  private SourceTests() {}

  /** Returns C = 1 + ⌈-log2(alpha) / H⌉ (§4.4.1). */
  static int repetitionCutoff(double entropy, int alphaExponent) {
    return 1 + (int) Math.ceil(alphaExponent / entropy);
  }

  /**
   * Returns C = 1 + CRITBINOM(W, 2^-H, 1 - alpha) (§4.4.2). CRITBINOM is the least k for which more
   * than k successes have at most the probability alpha; the sum begins at its smallest terms.
   */
  static int proportionCutoff(int window, double entropy, int alphaExponent) {
    double alpha = Math.scalb(1.0, -alphaExponent);
    double p = Math.pow(2, -entropy);
    double[] term = new double[window + 1];
    double logTerm = window * Math.log1p(-p);
    for (int k = 0; k <= window; k++) {
      term[k] = Math.exp(logTerm);
      logTerm += Math.log((double) (window - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
    }
    int k = window;
    double tail = 0;
    while (k > 0 && tail + term[k] <= alpha) {
      tail += term[k--];
    }
    return 1 + k;
  }

  /** Returns the length of the longest run of equal bytes. */
  static int longestRun(byte[] samples) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < samples.length; i++) {
      run = i > 0 && samples[i] == samples[i - 1] ? run + 1 : 1;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /** Returns the most often that the first byte of a whole window comes in it. */
  static int mostInWindow(byte[] samples) {
    int most = 0;
    for (int from = 0; from + WINDOW <= samples.length; from += WINDOW) {
      int count = 0;
      for (int i = from; i < from + WINDOW; i++) {
        count += samples[i] == samples[from] ? 1 : 0;
      }
      most = Math.max(most, count);
    }
    return most;
  }

  /**
   * Returns whether the last 16 bytes came before; by chance with a probability below
   * 2<sup>-116</sup> among 4096. That is so after every period that is shorter than the rest.
   */
  static boolean repeatsBlock(byte[] samples) {
    int last = samples.length - BLOCK;
    for (int from = 0; from < last; from++) {
      if (Arrays.equals(samples, from, from + BLOCK, samples, last, samples.length)) {
        return true;
      }
    }
    return false;
  }

  /** Returns what is wrong with samples; empty if they pass. */
  static Optional<String> failure(byte[] samples) {
    int run = longestRun(samples);
    if (run >= REPETITION_CUTOFF) {
      return Optional.of(
          "repetition count test (SP 800-90B 4.4.1): "
              + run
              + " equal bytes in a row, and fewer than "
              + REPETITION_CUTOFF
              + " are allowed");
    }
    int most = mostInWindow(samples);
    if (most >= PROPORTION_CUTOFF) {
      return Optional.of(
          "adaptive proportion test (SP 800-90B 4.4.2): one byte came "
              + most
              + " times among "
              + WINDOW
              + ", and fewer than "
              + PROPORTION_CUTOFF
              + " are allowed");
    }
    return repeatsBlock(samples)
        ? Optional.of("period test: the same " + BLOCK + " bytes came twice")
        : Optional.empty();
  }
}
