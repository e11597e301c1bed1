// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import java.util.Objects;
import java.util.Optional;

/**
 * What a comparison says of one device.
 *
 * @param outcome the result
 * @param endpoint the device's endpoint; empty if there is none
 * @param checkValue the check value of the key that the device uses; of the one expected if there
 *     is no image; empty if there is none
 * @param file the name of the image; empty if there is none
 * @param problem why an image cannot be read, for people; never a key; empty if it can
 */
public record ImageResult(
    ImageOutcome outcome,
    Optional<String> endpoint,
    Optional<String> checkValue,
    Optional<String> file,
    Optional<String> problem) {
  /**
   * Checks that nothing is null.
   *
   * @param outcome the result
   * @param endpoint the device's endpoint
   * @param checkValue the check value of the key
   * @param file the name of the image
   * @param problem why an image cannot be read
   */
  public ImageResult {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(checkValue, "checkValue");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(problem, "problem");
  }
}
