// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

/** What a reader found where a row should be: a row, or what is wrong with it. */
public sealed interface ManifestEntry permits ManifestRow, ManifestProblem {
  /**
   * Returns the line where it begins.
   *
   * @return 1 or more; 0 for a row that was not read from a manifest
   */
  long line();
}
