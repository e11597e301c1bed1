// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTestsTest {
  private static final int LENGTH = 2048;

  /** A generator with a known seed, so that no run differs from another. */
  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(90_2).nextBytes(bytes);
    return bytes;
  }

  /** The first is Go's (crypto/internal/entropy), the second google/tock-on-titan's. */
  @ParameterizedTest
  @CsvSource({"0.5, 20, 41", "1, 40, 41", "8, 40, 6", "8, 20, 4", "8, 30, 5"})
  void repetitionCutoff_isThatOfTheFormula(double entropy, int alpha, int cutoff) {
    assertThat(SourceTests.repetitionCutoff(entropy, alpha)).isEqualTo(cutoff);
  }

  /**
   * The first three as others publish them: Nordic's nRF54LS05 datasheet, Go's
   * crypto/internal/entropy, and jitterentropy-library (its cut-off for one bit a sample). The
   * others were computed with exact fractions.
   */
  @ParameterizedTest
  @CsvSource({
    "512, 8, 20, 13",
    "512, 0.5, 20, 410",
    "512, 1, 30, 325",
    "1024, 1, 20, 589",
    "1024, 1, 40, 625",
    "512, 8, 40, 19"
  })
  void proportionCutoff_isThatOfTheFormula(int window, double entropy, int alpha, int cutoff) {
    assertThat(SourceTests.proportionCutoff(window, entropy, alpha)).isEqualTo(cutoff);
  }

  @Test
  void failure_randomBytes_isNone() {
    assertThat(SourceTests.failure(random(LENGTH))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255})
  void failure_stuckByte_isTheRepetitionCountTests(int value) {
    byte[] stuck = new byte[LENGTH];
    Arrays.fill(stuck, (byte) value);
    assertThat(SourceTests.failure(stuck).orElseThrow())
        .startsWith("repetition count test (SP 800-90B 4.4.1): 2048 equal bytes");
  }

  @Test
  void failure_runOfTheCutoff_failsAndOneLessDoesNot() {
    byte[] samples = random(LENGTH);
    int from = 700;
    byte value = (byte) (samples[from - 1] + 1);
    int length = SourceTests.REPETITION_CUTOFF;
    Arrays.fill(samples, from, from + length - 1, value);
    samples[from + length - 1] = (byte) (value + 1);
    assertThat(SourceTests.failure(samples)).isEmpty();
    samples[from + length - 1] = value;
    assertThat(SourceTests.failure(samples).orElseThrow()).contains("6 equal bytes in a row");
  }

  /** One byte of sixteen is the same, as of a source with a bit of bias. */
  @Test
  void failure_biasedBytes_isTheProportionTests() {
    byte[] biased = random(LENGTH);
    for (int i = 0; i < LENGTH; i += 16) {
      biased[i] = 7;
    }
    assertThat(SourceTests.failure(biased).orElseThrow())
        .startsWith("adaptive proportion test (SP 800-90B 4.4.2): one byte came 3");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 300, 1024, 1500, 2032})
  void failure_shortPeriod_isThePeriodTests(int period) {
    byte[] once = random(period);
    byte[] samples = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      samples[i] = once[i % period];
    }
    assertThat(SourceTests.failure(samples).orElseThrow()).startsWith("period test");
  }

  /** Of few values, each as often: the first byte of a window is a sixteenth of it. */
  @Test
  void failure_fewValues_isTheProportionTests() {
    byte[] hexDigits = random(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      hexDigits[i] = (byte) "0123456789abcdef".charAt(hexDigits[i] & 15);
    }
    assertThat(SourceTests.failure(hexDigits).orElseThrow()).startsWith("adaptive proportion");
  }
}
