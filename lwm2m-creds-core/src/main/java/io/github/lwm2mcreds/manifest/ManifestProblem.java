// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.util.Objects;
import java.util.Optional;

/**
 * A row that could not be used, and why. The rows around it are not affected.
 *
 * @param line the line where the row begins, from 1
 * @param column the name of the column that is wrong; empty if it is the row as a whole
 * @param endpoint the row's endpoint if it has a valid one
 * @param reason what is wrong, for programs
 * @param message the same for people, on one line; never a key
 */
public record ManifestProblem(
    long line, Optional<String> column, Optional<String> endpoint, Reason reason, String message)
    implements ManifestEntry {
  /** What is wrong with a row. */
  public enum Reason {
    /** It is not a CSV record or not a flat JSON object. */
    MALFORMED,
    /** It is longer than {@link ManifestReader#MAX_ROW_LENGTH}. */
    TOO_LONG,
    /** It has more or fewer fields than there are columns. */
    FIELD_COUNT,
    /** A value is not UTF-8. */
    NOT_UTF8,
    /** An object has two members for one column. */
    DUPLICATE_COLUMN,
    /** It has no endpoint or no key. */
    MISSING_VALUE,
    /** A value is outside the limits of a credential, or is no text where text is needed. */
    INVALID_VALUE,
    /** The key policy refuses the key. */
    WEAK_KEY,
    /** It belongs to another lot, or follows the end of the lot. */
    OTHER_LOT
  }

  /**
   * Checks that nothing is null.
   *
   * @param line the line where the row begins, from 1
   * @param column the name of the column that is wrong
   * @param endpoint the row's endpoint
   * @param reason what is wrong, for programs
   * @param message the same for people
   */
  public ManifestProblem {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(message, "message");
  }
}
