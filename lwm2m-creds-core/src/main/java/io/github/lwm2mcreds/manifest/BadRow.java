// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.manifest.ManifestProblem.Reason;
import java.util.Optional;

/** What is wrong with a row, on its way to the reader. */
final class BadRow extends Exception {
  private static final long serialVersionUID = 1L;

  private final String column; // null if it is the row as a whole
  private final Reason reason;

  BadRow(Reason reason, String message) {
    this(null, reason, message);
  }

  BadRow(String column, Reason reason, String message) {
    super(message, null, false, false); // there may be millions, and nobody looks where from
    this.column = column;
    this.reason = reason;
  }

  ManifestProblem problem(long line, Optional<String> endpoint) {
    return new ManifestProblem(line, Optional.ofNullable(column), endpoint, reason, getMessage());
  }
}
