// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.Optional;

/**
 * What the start-up health tests of this process's source of randomness measured.
 *
 * @param source what was read, such as {@code NativePRNG (SUN), file:/dev/random}
 * @param generator what makes the keys, such as {@code Hash_DRBG,SHA-256,256,reseed_only (SUN)}
 * @param samples how many bytes were tested, each of them a sample
 * @param longestRun the most equal bytes in a row
 * @param repetitionCutoff the run that fails the repetition count test (SP 800-90B §4.4.1)
 * @param mostInWindow the most often that a window's first byte came in its window
 * @param proportionCutoff the number that fails the adaptive proportion test (SP 800-90B §4.4.2)
 * @param failure what failed, in plain words; empty if nothing did
 */
public record RandomHealth(
    String source,
    String generator,
    int samples,
    int longestRun,
    int repetitionCutoff,
    int mostInWindow,
    int proportionCutoff,
    Optional<String> failure) {}
